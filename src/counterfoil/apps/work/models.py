"""Referrals: acts above their maker's authority, that wait for somebody."""

from django.db import models


class Referral(models.Model):
    """A referral (转上级审批): number, state, and for whom it waits; it keeps the call and the decision shown."""

    referral_id = models.UUIDField(primary_key=True)
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
        db_table = "work_referral"
        indexes = (
            models.Index(fields=["subject_id"], name="referral_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["unit_path"], name="referral_unit", condition=models.Q(state="waiting")),
        )
