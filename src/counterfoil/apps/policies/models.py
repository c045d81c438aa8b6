"""The policy's head row and one versioned table for each slice of its state.

The columns of a versioned table are the fields of its value in ``core/policy/values.py``; a test compares them.
"""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Lower


class Policy(models.Model):
    """The row that is locked: last ``seq``, whose books, which product version, the numbers it is found by.

    ``latest_effect`` is the latest day on which an act recorded so far counts: one that counts earlier goes in
    between. ``calendar_act`` is the next act that the calendar owes, ``calendar_on`` its day; null: none.
    """

    policy_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    recorded_at = models.DateTimeField()
    unit_id = models.TextField()
    unit_path = models.TextField()
    product_code = models.TextField()
    product_hash = models.TextField()
    application_number = models.TextField(unique=True)
    policy_number = models.TextField(null=True)
    latest_effect = models.DateField(default=date.min)
    calendar_on = models.DateField(null=True)
    calendar_act = models.TextField(null=True)

    class Meta:
        db_table = "policy"
        indexes = (
            models.Index(
                fields=["calendar_on", "policy_id"],
                name="policy_by_calendar",
                condition=models.Q(calendar_on__isnull=False),
            ),
            models.Index(fields=["policy_number"], name="policy_by_number", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["unit_path"], name="policy_not_issued", condition=models.Q(policy_number__isnull=True)
            ),
            models.Index(fields=["unit_path"], name="policy_by_unit", opclasses=["text_pattern_ops"]),
        )


class VersionedRow(models.Model):
    """A version on two axes: ``valid`` is effect, ``seq`` to ``superseded_seq`` is record."""

    pk = models.CompositePrimaryKey("policy_id", "seq", "row_no")
    policy_id = models.UUIDField()
    seq = models.IntegerField()
    row_no = models.SmallIntegerField()
    part = models.TextField()
    valid = DateRangeField()
    superseded_seq = models.IntegerField(null=True)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                "policy_id",
                "part",
                Lower("valid"),
                condition=models.Q(superseded_seq__isnull=True),
                name="%(class)s_live",
            ),
            models.CheckConstraint(condition=models.Q(valid__isempty=False), name="%(class)s_not_empty"),
        )


class StartedRow(models.Model):
    """A version of a slice of high churn: it holds from ``valid_from`` until the next start."""

    pk = models.CompositePrimaryKey("policy_id", "seq", "row_no")
    policy_id = models.UUIDField()
    seq = models.IntegerField()
    row_no = models.SmallIntegerField()
    part = models.TextField()
    valid_from = models.DateField()
    superseded_seq = models.IntegerField(null=True)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                fields=["policy_id", "part", "valid_from"],
                condition=models.Q(superseded_seq__isnull=True),
                name="%(class)s_live",
            ),
        )


def yuan(**options: object) -> models.DecimalField:
    """A column of money."""
    return models.DecimalField(max_digits=18, decimal_places=2, **options)


class Application(VersionedRow):
    application_number = models.TextField()
    product_code = models.TextField()
    product_hash = models.TextField()
    applied_on = models.DateField()
    sales_channel = models.TextField()
    health_notice_id = models.UUIDField()
    exclusions_acknowledged = models.BooleanField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_application"


class Contract(VersionedRow):
    policy_number = models.TextField()
    formed_on = models.DateField()
    effective_date = models.DateField()
    cover_until = models.DateField()
    receipt_signed_on = models.DateField(null=True)

    class Meta(VersionedRow.Meta):
        db_table = "policy_contract"


class Status(StartedRow):
    standing = models.TextField()
    reason = models.TextField()

    class Meta(StartedRow.Meta):
        db_table = "policy_status"


class Role(VersionedRow):
    role = models.TextField()
    party_id = models.UUIDField()
    birth_date = models.DateField()
    sex = models.TextField()
    occupation_class = models.IntegerField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_role"
        indexes = (models.Index(fields=["party_id"], name="policy_role_party"),)


class Beneficiary(VersionedRow):
    party_id = models.UUIDField()
    order = models.IntegerField()
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    relation = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_beneficiary"
        indexes = (models.Index(fields=["party_id"], name="policy_beneficiary_party"),)


class Coverage(VersionedRow):
    product_code = models.TextField()
    product_hash = models.TextField()
    sum_assured = yuan()
    term_years = models.IntegerField()
    pay_mode = models.TextField()
    pay_years = models.IntegerField()
    premium = yuan()
    issue_age = models.IntegerField()
    sex = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_coverage"


class PaidTo(StartedRow):
    paid_to_date = models.DateField()
    next_due_date = models.DateField(null=True)

    class Meta(StartedRow.Meta):
        db_table = "policy_paid_to"
        indexes = (
            models.Index(
                fields=["next_due_date"], name="policy_due", condition=models.Q(superseded_seq__isnull=True)
            ),
        )


class PremiumDue(VersionedRow):
    due_date = models.DateField()
    amount = yuan()
    stage = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_premium_due"


class Instalment(VersionedRow):
    due_date = models.DateField()
    amount = yuan()
    paid_on = models.DateField()
    receipt_number = models.TextField()
    refunded = models.BooleanField()
    short = yuan(default=Decimal("0.00"))

    class Meta(VersionedRow.Meta):
        db_table = "policy_instalment"


class Suspense(VersionedRow):
    held = yuan()
    received = yuan()
    received_on = models.DateField()
    method = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_suspense"


class Payment(VersionedRow):
    kind = models.TextField()
    payable_account = models.TextField()
    payee_party_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    amount = yuan()
    state = models.TextField()
    claim_number = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_payment"
        indexes = (models.Index(fields=["part"], name="policy_payment_number"),)


class Claim(VersionedRow):
    event_date = models.DateField()
    reported_on = models.DateField()
    papers_complete_on = models.DateField(null=True)
    cause = models.TextField()
    state = models.TextField()
    benefit = yuan()
    deducted = yuan()
    payable = yuan()
    grounds = models.TextField()
    refunded = yuan()

    class Meta(VersionedRow.Meta):
        db_table = "policy_claim"
        indexes = (
            models.Index(fields=["part"], name="policy_claim_number"),
            models.Index(
                fields=["state"], name="policy_claim_open", condition=models.Q(superseded_seq__isnull=True)
            ),
        )


class ClaimLine(VersionedRow):
    claim_number = models.TextField()
    code = models.TextField()
    amount = yuan()
    basis = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_claim_line"


class ClaimShare(VersionedRow):
    claim_number = models.TextField()
    payee_party_id = models.UUIDField(null=True)
    amount = yuan()
    basis = models.TextField()
    payment_number = models.TextField()
    kind = models.TextField()
    payee_is_minor = models.BooleanField()

    class Meta(VersionedRow.Meta):
        db_table = "policy_claim_share"
