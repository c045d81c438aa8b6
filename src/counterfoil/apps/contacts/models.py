"""The table of contacts outside any case; those of a case are its events."""

from django.db import models


class Contact(models.Model):
    """A call, visit, letter or message with a party: which way, whom, whether reached, words, and what comes next."""

    contact_id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    key = models.TextField()
    body_hash = models.TextField()
    way = models.TextField()
    direction = models.TextField()
    whom = models.TextField()
    reached = models.BooleanField()
    words = models.TextField()
    next_step = models.TextField(default="")
    next_on = models.DateField(null=True)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    unit_path = models.TextField(db_collation="C")

    class Meta:
        db_table = "contact"
        indexes = (models.Index(fields=["party_id", "at"], name="contact_party"),)
        constraints = (models.UniqueConstraint(fields=["by_id", "key"], name="contact_key"),)
