"""A unit's business hall: windows, tickets of a day and what happened to them, appointments, ratings of service.

Every table carries ``unit_path`` for row security. Tickets and desks are working rows; their history is ``hall_event``.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

OPEN = ("waiting", "called", "serving", "held")


def texts() -> models.Field:
    """A list of codes."""
    return ArrayField(models.TextField(), default=list)


class Hall(models.Model):
    """The business hall (柜面大厅) of a unit."""

    unit_id = models.TextField(primary_key=True)
    unit_path = models.TextField()
    name = models.TextField()

    class Meta:
        db_table = "hall"


class Window(models.Model):
    """A window (窗口) as it is set up. ``services`` empty: all."""

    window_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    number = models.SmallIntegerField()
    services = texts()
    in_use = models.BooleanField(default=True)

    class Meta:
        db_table = "hall_window"
        constraints = (
            models.UniqueConstraint(fields=["unit_id", "number"], name="hall_window_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="hall_window_from_one"),
        )


class Desk(models.Model):
    """Who sits at a window and what it does now; ``version`` moves with every change that the window shows.

    ``to_rate_id`` is the ticket that was finished at ``to_rate_since`` and may still be rated at the window.
    """

    window_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    employee_id = models.UUIDField(null=True)
    state = models.TextField(default="off")
    version = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    to_rate_id = models.UUIDField(null=True)
    to_rate_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "hall_desk"
        indexes = (models.Index(fields=["unit_id"], name="hall_desk_unit"),)
        constraints = (
            models.UniqueConstraint(
                fields=["employee_id"],
                condition=models.Q(employee_id__isnull=False),
                name="hall_desk_one_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("on", "away", "transfers_only", "off")), name="hall_desk_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="off") | models.Q(employee_id__isnull=False),
                name="hall_desk_somebody",
            ),
        )


class Pulse(models.Model):
    """How often something in a hall has changed: what every live screen asks for."""

    unit_id = models.TextField(primary_key=True)
    unit_path = models.TextField()
    version = models.BigIntegerField(default=0)

    class Meta:
        db_table = "hall_pulse"


class Counter(models.Model):
    """The last number given to a letter on a day."""

    pk = models.CompositePrimaryKey("unit_id", "day", "letter")
    unit_id = models.TextField()
    day = models.DateField()
    letter = models.TextField()
    unit_path = models.TextField()
    last = models.IntegerField()

    class Meta:
        db_table = "hall_counter"


class Ticket(models.Model):
    """A ticket (号票) as it stands. ``shown_name`` is masked already; who is known is ``party_id``.

    ``served_seconds`` are those of all spells at a window but the one that began at ``serving_since``.
    """

    ticket_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    day = models.DateField()
    number = models.TextField()
    services = texts()
    party_id = models.UUIDField(null=True)
    shown_name = models.TextField(default="")
    appointment_id = models.UUIDField(null=True)
    marks = texts()
    rank = models.SmallIntegerField()
    state = models.TextField(default="waiting")
    window_id = models.UUIDField(null=True)
    to_window_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    queued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    calls = models.SmallIntegerField(default=0)
    serving_since = models.DateTimeField(null=True)
    served_seconds = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField()
    expected_minutes = models.SmallIntegerField(null=True)
    explanation = models.TextField(default="")

    class Meta:
        db_table = "hall_ticket"
        constraints = (
            models.UniqueConstraint(fields=["unit_id", "day", "number"], name="hall_ticket_number"),
            models.UniqueConstraint(
                fields=["window_id"],
                condition=models.Q(state__in=("called", "serving")),
                name="hall_ticket_one_a_window",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(*OPEN, "finished", "left")), name="hall_ticket_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("called", "serving", "held"))
                | models.Q(window_id__isnull=False),
                name="hall_ticket_at_a_window",
            ),
        )
        indexes = (
            models.Index(
                fields=["unit_id", "day"], name="hall_ticket_open", condition=models.Q(state__in=OPEN)
            ),
            models.Index(
                fields=["unit_id", "day", "services", "ended_at"],
                name="hall_ticket_done",
                condition=models.Q(state="finished"),
            ),
        )


class Event(models.Model):
    """What happened to a ticket or a window, when, by whom; never changed. Without a ticket: the window itself."""

    event_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    ticket_id = models.UUIDField(null=True)
    window_id = models.UUIDField(null=True)
    employee_id = models.UUIDField(null=True)
    verb = models.TextField()
    state = models.TextField()
    service = models.TextField(default="")
    note = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "hall_event"
        indexes = (models.Index(fields=["ticket_id", "at"], name="hall_event_ticket"),)


class Appointment(models.Model):
    """A time agreed with a customer for a service (预约)."""

    appointment_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    day = models.DateField()
    at = models.DateTimeField()
    service = models.TextField()
    party_id = models.UUIDField(null=True)
    name = models.TextField()
    state = models.TextField(default="booked")
    booked_by = models.UUIDField()
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "hall_appointment"
        indexes = (models.Index(fields=["unit_id", "day"], name="hall_appointment_day"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("booked", "arrived", "cancelled")),
                name="hall_appointment_state",
            ),
        )


class Rating(models.Model):
    """A customer's rating of a service (评价), for a ticket, a case, or neither; never changed."""

    rating_id = models.UUIDField(primary_key=True)
    unit_id = models.TextField()
    unit_path = models.TextField()
    ticket_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    employee_id = models.UUIDField()
    score = models.SmallIntegerField()
    reasons = texts()
    comment = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "service_rating"
        constraints = (
            models.UniqueConstraint(
                fields=["ticket_id"], condition=models.Q(ticket_id__isnull=False), name="rating_one_a_ticket"
            ),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="rating_score"),
        )
        indexes = (
            models.Index(fields=["unit_path", "at"], name="rating_unit"),
            models.Index(fields=["case_id"], name="rating_case"),
        )
