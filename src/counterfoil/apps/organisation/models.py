"""Units as a tree, staff, the positions they hold and the authority given to them (ORG-1, ORG-3).

Tables that are changed in place; a trigger keeps before and after of each row. Ends of time are exclusive.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Unit(models.Model):
    """A unit (机构). ``path`` is every code from the head office down, each ended by a dot: a subtree is a prefix."""

    unit_id = models.TextField(primary_key=True, db_collation="C")
    name = models.TextField()
    level = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    path = models.TextField(unique=True, db_collation="C")

    class Meta:
        db_table = "organisation_unit"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__in=("head", "province", "city", "county", "outlet")),
                name="unit_level",
            ),
        )

    def __str__(self) -> str:
        return self.unit_id


class Employees(BaseUserManager["Employee"]):
    """Finds staff by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Employee":
        """The person with this sign-in name, whatever the case of its letters."""
        return self.get(username=(username or "").lower())


class Employee(AbstractBaseUser):
    """A member of staff (员工), who signs in. What they may do follows from positions and grants, nothing else."""

    employee_id = models.UUIDField(primary_key=True)
    username = models.TextField(unique=True, db_collation="C")
    name = models.TextField()
    name_pinyin = models.TextField(db_collation="C")
    unit = models.ForeignKey(Unit, models.PROTECT)
    is_active = models.BooleanField(default=True)
    identity_hash = models.BinaryField(null=True)
    """Keyed hash of the identity number: one person has one account at a time (four eyes)."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Employees()

    class Meta:
        db_table = "organisation_employee"
        constraints = (
            models.UniqueConstraint(
                fields=["identity_hash"], condition=models.Q(is_active=True), name="employee_one_account"
            ),
        )

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The name, for pages that greet."""
        return self.name


class PositionAssignment(models.Model):
    """A position (岗位) that a person holds at a unit; who moves to another unit no longer holds it."""

    assignment_id = models.UUIDField(primary_key=True)
    employee = models.ForeignKey(Employee, models.PROTECT)
    position = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "organisation_position"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="position_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.employee_id}"


class AuthorityGrant(models.Model):
    """Authority (权限): who may do which act on which product up to what amount (yuan), from when until when."""

    grant_id = models.UUIDField(primary_key=True)
    holder_kind = models.TextField()
    holder = models.TextField()
    unit_level = models.TextField(default="")
    act = models.TextField()
    product = models.TextField()
    amount_limit = models.DecimalField(max_digits=18, decimal_places=2)
    day_limit = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    """The most (yuan) that one person may decide by this grant for one policyholder on one day; null: no such limit."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    granted_by = models.TextField()
    source = models.TextField()

    class Meta:
        db_table = "organisation_grant"
        indexes = (models.Index(fields=["holder"], name="grant_holder"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(holder_kind__in=("position", "employee")), name="grant_holder_kind"
            ),
            models.CheckConstraint(condition=models.Q(amount_limit__gte=0), name="grant_not_negative"),
            models.CheckConstraint(condition=models.Q(day_limit__gte=0), name="grant_day_not_negative"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="grant_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder} {self.act} {self.amount_limit}"


class Relative(models.Model):
    """A party that a member of staff is (``self``) or is related to: work that concerns it is for somebody else."""

    relative_id = models.UUIDField(primary_key=True)
    employee = models.ForeignKey(Employee, models.PROTECT)
    party_id = models.UUIDField()
    relation = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "organisation_relative"
        indexes = (models.Index(fields=["party_id"], name="relative_party"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="relative_time",
            ),
        )


class Delegation(models.Model):
    """Who stands in for an absent colleague of the same unit (授权代理), over [valid_from, valid_until)."""

    delegation_id = models.UUIDField(primary_key=True)
    absent = models.ForeignKey(Employee, models.PROTECT, related_name="stood_in_for_by")
    delegate = models.ForeignKey(Employee, models.PROTECT, related_name="stands_in_for")
    unit = models.ForeignKey(Unit, models.PROTECT)
    valid_from = models.DateField()
    valid_until = models.DateField()
    reason = models.TextField()
    granted_by = models.ForeignKey(Employee, models.PROTECT, related_name="delegations_granted")
    granted_at = models.DateTimeField()

    class Meta:
        db_table = "organisation_delegation"
        indexes = (
            models.Index(fields=["delegate"], name="delegation_delegate"),
            models.Index(fields=["absent"], name="delegation_absent"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="delegation_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(absent=models.F("delegate")), name="delegation_to_another"
            ),
        )


class GrantProposal(models.Model):
    """A grant, or the end of one, that one administrator asks for and a second person confirms."""

    proposal_id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    terms = models.JSONField()
    grant_id = models.UUIDField(null=True)
    """The grant that is to end, or, when a new one is confirmed, the one that was made."""
    state = models.TextField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(Employee, models.PROTECT, related_name="grants_proposed")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="grants_decided")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisation_grant_proposal"
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=("grant", "end")), name="proposal_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "confirmed", "declined")), name="proposal_state"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_four_eyes",
            ),
        )


class HelperStep(models.Model):
    """One opinion on a rural helper's authority (协赔员, ORG-4): yearly review, unit's figures, consent, approval."""

    step_id = models.UUIDField(primary_key=True)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="helper_steps")
    step = models.TextField()
    outcome = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    opinion = models.TextField()
    by = models.ForeignKey(Employee, models.PROTECT, related_name="helper_opinions")
    by_unit = models.ForeignKey(Unit, models.PROTECT)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        db_table = "organisation_helper_step"
        indexes = (models.Index(fields=["employee", "on"], name="helper_step"),)


class OrganisationVersion(models.Model):
    """How often the organisation has changed; one row, moved by a trigger."""

    one = models.BooleanField(primary_key=True, default=True)
    version = models.BigIntegerField()

    class Meta:
        db_table = "organisation_version"


class ApiClient(models.Model):
    """A system that calls the API: it acts as an employee, who has the permissions; its secret is kept as a keyed
    hash."""

    client_id = models.TextField(primary_key=True, db_collation="C")
    name = models.TextField()
    secret_hash = models.BinaryField()
    employee = models.ForeignKey(Employee, models.PROTECT)
    is_active = models.BooleanField(default=True)
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organisation_api_client"

    def __str__(self) -> str:
        return self.client_id
