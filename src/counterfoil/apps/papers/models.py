"""Scanned papers of cases: the papers, what came in (never changed), how the pages lie, keys, and codes for telephones.

``case_id`` names a case of any kind; the rows stand by themselves, each with the unit that row security looks at.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Paper(models.Model):
    """A paper of a case: its type, and what a person said of it."""

    paper_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    type = models.TextField()
    shown = models.TextField(default="")
    unreadable = models.BooleanField(default=False)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "paper"


class PaperScan(models.Model):
    """What came in: the hash of what was received and of what is kept, where it is kept, and what was measured."""

    scan_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    unit_path = models.TextField()
    received_hash = models.BinaryField()
    content_hash = models.BinaryField()
    address = models.TextField()
    thumbnail_address = models.TextField()
    key_id = models.TextField()
    content_type = models.TextField()
    size = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    pages = models.IntegerField()
    hints = ArrayField(models.TextField())
    way = models.TextField()
    handover_id = models.UUIDField(null=True)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "paper_scan"
        indexes = (models.Index(fields=["handover_id", "added_at"], name="paper_scan_handover"),)


class PaperPage(models.Model):
    """How a scan lies in a paper: its place and turn in degrees; superseded when replaced or removed, never deleted."""

    page_id = models.UUIDField(primary_key=True)
    paper_id = models.UUIDField(db_index=True)
    case_id = models.UUIDField(db_index=True)
    unit_path = models.TextField()
    scan_id = models.UUIDField()
    position = models.IntegerField()
    turn = models.IntegerField(default=0)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.UUIDField(null=True)
    superseded_why = models.TextField(default="")
    replaced_by = models.UUIDField(null=True)

    class Meta:
        db_table = "paper_page"


class PaperKey(models.Model):
    """The data key of a case's files, wrapped by a master key; destroying it makes the files unreadable."""

    pk = models.CompositePrimaryKey("case_id", "key_id")
    case_id = models.UUIDField()
    key_id = models.TextField()
    master_key_id = models.TextField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "paper_key"


class PaperHandover(models.Model):
    """A code that lets one telephone add pages of some types to one case for some minutes."""

    handover_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    types = ArrayField(models.TextField())
    secret_hash = models.BinaryField(unique=True)
    phone_hash = models.BinaryField(null=True, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.TextField(default="")

    class Meta:
        db_table = "paper_handover"


class PaperReading(models.Model):
    """Why somebody looked at the medical papers of a case."""

    reading_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    reason = models.TextField()
    actor_id = models.UUIDField()
    unit_id = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "paper_reading"
        indexes = (models.Index(fields=["case_id", "actor_id", "at"], name="paper_reading_of_case"),)
