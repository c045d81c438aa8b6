"""Tables of the journal. Every business row points to an act; an act row is never edited."""

from django.db import models


class Act(models.Model):
    """One act on one subject: what was asked, what was known, what was decided."""

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.UUIDField()
    seq = models.IntegerField()
    subject = models.TextField()
    act = models.TextField()
    schema_version = models.SmallIntegerField()
    actor_id = models.UUIDField()
    unit_id = models.TextField()
    channel = models.TextField()
    requested = models.BooleanField()
    effective_date = models.DateField()
    received_at = models.DateTimeField()
    business_date = models.DateField()
    recorded_at = models.DateTimeField()
    request = models.JSONField()
    facts = models.JSONField()
    decision = models.JSONField()
    approval = models.JSONField(null=True)
    idempotency_key = models.TextField()

    class Meta:
        db_table = "act"
        indexes = (
            models.Index(fields=["recorded_at"], name="act_recorded_at"),
            models.Index(fields=["actor_id", "recorded_at"], name="act_actor"),
        )


class Attempt(models.Model):
    """An act that was refused: who asked for what, and every reason."""

    attempt_id = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()
    act = models.TextField()
    actor_id = models.UUIDField()
    unit_id = models.TextField()
    at = models.DateTimeField()
    request = models.JSONField()
    reasons = models.JSONField()

    class Meta:
        db_table = "attempt"
        indexes = (models.Index(fields=["subject_id", "at"], name="attempt_subject"),)


class Idempotency(models.Model):
    """One key of one actor for one act on one subject, and the answer that it got."""

    pk = models.CompositePrimaryKey("subject_id", "actor_id", "act", "key")
    subject_id = models.UUIDField()
    actor_id = models.UUIDField()
    act = models.TextField()
    key = models.TextField()
    body_hmac = models.BinaryField()
    state = models.TextField()
    answer = models.JSONField(null=True)
    touched = models.IntegerField(default=0)

    class Meta:
        db_table = "idempotency"


class Outbox(models.Model):
    """Work outside the database that an act asked for; prepared, sent, confirmed, refused or unknown."""

    pk = models.CompositePrimaryKey("subject_id", "seq", "line")
    subject_id = models.UUIDField()
    seq = models.IntegerField()
    line = models.SmallIntegerField()
    kind = models.TextField()
    payload = models.JSONField()
    state = models.TextField(default="prepared")
    tries = models.SmallIntegerField(default=0)
    last_answer = models.TextField(default="")

    class Meta:
        db_table = "outbox"
        indexes = (
            models.Index(
                fields=["kind"],
                name="outbox_open",
                condition=models.Q(state__in=("prepared", "sent", "unknown")),
            ),
        )


class AuditImage(models.Model):
    """Before and after of a row of a mutable table, written by a trigger."""

    image_id = models.BigAutoField(primary_key=True)
    table_name = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit_image"


class SealBlock(models.Model):
    """A block of the seal: an HMAC over its acts and over the block before."""

    block = models.IntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    acts = models.IntegerField()
    mac = models.BinaryField()

    class Meta:
        db_table = "seal_block"


class SealMember(models.Model):
    """Which act is in which block, and the digest of the act with all its rows."""

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.UUIDField()
    seq = models.IntegerField()
    block = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        db_table = "seal_member"
        indexes = (models.Index(fields=["block"], name="seal_member_block"),)


class BusinessDay(models.Model):
    """The day of the books; one row, rolled by ``counterfoil day``."""

    one = models.BooleanField(primary_key=True, default=True)
    business_date = models.DateField()

    class Meta:
        db_table = "business_day"
