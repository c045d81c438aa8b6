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

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Employees()

    class Meta:
        db_table = "organisation_employee"

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
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="grant_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder} {self.act} {self.amount_limit}"


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
