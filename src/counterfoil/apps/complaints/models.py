"""The table of improvements: what is done about a cause of complaints, by whom, and whether it helped (CMP-4)."""

from django.db import models


class Improvement(models.Model):
    """An improvement (改进措施) of a unit: cause, what, owner, day due, day of the check, and what the check found."""

    improvement_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField(db_collation="C")
    cause = models.TextField()
    what = models.TextField()
    owner_id = models.UUIDField()
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    check_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_words = models.TextField(default="")
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    helped = models.BooleanField(null=True)
    check_words = models.TextField(default="")

    class Meta:
        db_table = "complaint_improvement"
        indexes = (models.Index(fields=["unit_path", "due_on"], name="improvement_unit"),)
