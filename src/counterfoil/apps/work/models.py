"""Cases: a piece of work that waits for somebody."""

from django.db import models


class Case(models.Model):
    """A case (案件): number, kind, state, and for whom it waits. An approval keeps the call and the decision shown."""

    case_id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    kind = models.TextField()
    state = models.TextField()
    subject_id = models.UUIDField()
    unit_id = models.TextField()
    unit_path = models.TextField()
    act = models.TextField()
    call = models.JSONField()
    decision = models.JSONField()
    decision_hash = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    waiting_position = models.TextField()
    waiting_unit_id = models.TextField()
    maker_id = models.UUIDField()
    maker_opinion = models.TextField(default="")
    approver_id = models.UUIDField(null=True)
    approver_opinion = models.TextField(default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_case"
        indexes = (
            models.Index(fields=["subject_id"], name="case_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["unit_path"], name="case_unit", condition=models.Q(state="waiting")),
        )
