"""What every write of the organisation has: a refusal with a code, and a transaction whose audit names the writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connections, transaction


class UnableToOrganise(ValueError):
    """A write that does not hold; ``code`` names the sentence."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(f"{code} {parameters}" if parameters else code)
        self.code = code
        self.parameters = parameters


def check_time(valid_from: date, valid_until: date | None) -> None:
    """Raises UnableToOrganise where the end is not after the beginning."""
    if valid_until is not None and valid_until <= valid_from:
        raise UnableToOrganise("time_ends_before_it_begins")


@contextmanager
def audited(actor: str, using: str) -> Iterator[None]:
    """A transaction whose audit images name the actor."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config('counterfoil.actor', %s::text, true)", [actor])
        yield
