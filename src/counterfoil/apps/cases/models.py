"""Tables of cases: the head with the whole case, its events, its clocks as computed, the processes kept; and what
helps a person at work: saved views, half-typed text, who has a case open."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Case(models.Model):
    """A case (案件): the columns that lists and rights ask for, and the whole of it as ``core/work/case.py`` has it."""

    case_id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    kind = models.TextField()
    version = models.IntegerField()
    channel = models.TextField()
    unit_id = models.TextField()
    unit_path = models.TextField(db_collation="C")
    title = models.TextField()
    step = models.TextField()
    stage = models.TextField()
    pool_unit_id = models.TextField()
    pool_path = models.TextField(db_collation="C")
    pool_positions = ArrayField(models.TextField())
    owner_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    policy_id = models.UUIDField(null=True)
    party_ids = ArrayField(models.UUIDField())
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    hold_until = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    came_from = models.UUIDField(null=True)
    merged_into = models.UUIDField(null=True)
    seq = models.IntegerField()
    state = models.JSONField()

    class Meta:
        db_table = "work_case"
        indexes = (
            models.Index(
                fields=["pool_unit_id", "due_at"], name="case_pool", condition=~models.Q(stage="closed")
            ),
            models.Index(fields=["owner_id"], name="case_owner", condition=~models.Q(stage="closed")),
            models.Index(
                fields=["policy_id"], name="case_policy", condition=models.Q(policy_id__isnull=False)
            ),
            models.Index(fields=["unit_path", "opened_at"], name="case_opened"),
            GinIndex(fields=["party_ids"], name="case_parties"),
        )


class CaseEvent(models.Model):
    """One thing done with a case, never changed: the verb with its words, by whom, and where the case stood after."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.UUIDField()
    seq = models.IntegerField()
    key = models.TextField()
    body_hash = models.TextField()
    verb = models.TextField()
    data = models.JSONField()
    by_id = models.UUIDField()
    at = models.DateTimeField()
    step = models.TextField()
    stage = models.TextField()

    class Meta:
        db_table = "work_case_event"
        constraints = (models.UniqueConstraint(fields=["case_id", "key"], name="case_event_key"),)


class CaseClockRow(models.Model):
    """A clock of a case as computed from it and the tables of days and hours; recomputed when a table changes."""

    pk = models.CompositePrimaryKey("case_id", "line")
    case_id = models.UUIDField()
    line = models.SmallIntegerField()
    rule = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    paused = models.BooleanField()
    stopped_at = models.DateTimeField(null=True)
    late = models.BooleanField()
    problem = models.TextField(default="")

    class Meta:
        db_table = "work_case_clock"
        indexes = (
            models.Index(fields=["due_at"], name="clock_due", condition=models.Q(stopped_at__isnull=True)),
        )


class KeptProcess(models.Model):
    """A process as it was when the first case was received under it."""

    pk = models.CompositePrimaryKey("kind", "version")
    kind = models.TextField()
    version = models.IntegerField()
    content_hash = models.TextField()
    definition = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "work_process"


class KeptScript(models.Model):
    """A standard script (标准话术) as it was when it was first shown."""

    pk = models.CompositePrimaryKey("situation", "version")
    situation = models.TextField()
    version = models.IntegerField()
    content_hash = models.TextField()
    definition = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "work_script"


class ScriptShown(models.Model):
    """Which version of a script somebody had beside a step of a case, the first time."""

    pk = models.CompositePrimaryKey("case_id", "step", "situation", "version", "by_id")
    case_id = models.UUIDField()
    step = models.TextField()
    situation = models.TextField()
    version = models.IntegerField()
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "work_script_shown"


class Escalation(models.Model):
    """A time limit that came near its end, or broke it, put before whoever supervises the unit where the case waits."""

    pk = models.CompositePrimaryKey("case_id", "line", "level", "due_at")
    case_id = models.UUIDField()
    line = models.SmallIntegerField()
    level = models.TextField()
    due_at = models.DateTimeField()
    rule = models.TextField()
    unit_path = models.TextField(db_collation="C")
    owner_id = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    seen_by = models.UUIDField(null=True)
    seen_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")

    class Meta:
        db_table = "work_escalation"
        indexes = (
            models.Index(
                fields=["unit_path"], name="escalation_open", condition=models.Q(seen_at__isnull=True)
            ),
        )


class ClockTables(models.Model):
    """The content of the tables by which running clocks were last computed; one row."""

    one = models.BooleanField(primary_key=True, default=True)
    digest = models.TextField()

    class Meta:
        db_table = "work_clock_tables"


class SavedView(models.Model):
    """A filter of the list of cases that a person keeps under a name."""

    view_id = models.UUIDField(primary_key=True)
    employee_id = models.UUIDField()
    name = models.TextField()
    chosen = models.JSONField()

    class Meta:
        db_table = "work_saved_view"
        constraints = (models.UniqueConstraint(fields=["employee_id", "name"], name="saved_view_name"),)


class Presence(models.Model):
    """Who has a case open on the screen, and was last heard of when; lost with a crash, and no harm done."""

    pk = models.CompositePrimaryKey("case_id", "employee_id")
    case_id = models.UUIDField()
    employee_id = models.UUIDField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "work_presence"


class Draft(models.Model):
    """What a person typed into a form and has not sent, sealed; ``place`` names the form."""

    pk = models.CompositePrimaryKey("employee_id", "place")
    employee_id = models.UUIDField()
    place = models.TextField()
    key_id = models.TextField()
    cipher = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "work_draft"
        indexes = (models.Index(fields=["kept_at"], name="draft_kept"),)
