"""Keys of systems that call the API: made once, shown once, kept as a keyed hash; each acts as an employee."""

import hmac
import secrets
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.models import ApiClient, Employee
from counterfoil.apps.organisation.writing import UnableToOrganise, audited

KEPT_CLIENTS = 1000
CLIENT = """
SELECT c.client_id, c.employee_id, c.secret_hash, c.valid_until, (SELECT version FROM organisation_version)
FROM organisation_api_client c
JOIN organisation_employee e ON e.employee_id = c.employee_id AND e.is_active
WHERE c.client_id = %s AND c.is_active AND (c.valid_until IS NULL OR c.valid_until > %s)
"""


class Client(Struct, frozen=True):
    """A system that has proved its key, and the employee that it acts as."""

    client_id: str
    employee_id: UUID


def _hash(client_id: str, secret: str) -> bytes:
    key = bytes(settings.SECRET_OF("lookup"))
    return hmac.digest(key, f"api client\0{client_id}\0{secret}".encode(), "sha256")


def new_api_client(
    name: str, username: str, valid_until: date | None, actor: str, using: str = "default"
) -> str:
    """Make a client that acts as the employee ``username`` and give its token, which nobody can show again.

    ``valid_until`` is exclusive. Raises UnableToOrganise.
    """
    client_id, secret = f"cf{secrets.token_hex(6)}", secrets.token_urlsafe(32)
    with audited(actor, using):
        employee = Employee.objects.using(using).filter(username=username.lower(), is_active=True).first()
        if employee is None:
            raise UnableToOrganise("employee_unknown")
        if not name.strip():
            raise UnableToOrganise("name_missing")
        ApiClient.objects.using(using).create(
            client_id=client_id,
            name=name.strip(),
            secret_hash=_hash(client_id, secret),
            employee=employee,
            valid_until=valid_until,
            created_at=now(),
        )
    return f"{client_id}.{secret}"


def revoke_api_client(client_id: str, actor: str, using: str = "default") -> None:
    """Let a key open nothing from now on. Raises UnableToOrganise."""
    with audited(actor, using):
        if not ApiClient.objects.using(using).filter(client_id=client_id).update(is_active=False):
            raise UnableToOrganise("client_unknown")


def api_clients(using: str = "default") -> list[tuple[str, str, str, bool, date | None]]:
    """Client, name, sign-in name of the employee, whether active, first day on which it no longer opens."""
    found = ApiClient.objects.using(using).order_by("created_at")
    return list(found.values_list("client_id", "name", "employee__username", "is_active", "valid_until"))


def client_of(cursor: Any, token: str, on: date) -> Client | None:
    """The client of a token on a day; None for one that is wrong, revoked or over. One statement."""
    client_id, _, secret = token.partition(".")
    if not client_id or not secret or "\0" in token:
        return None
    cursor.execute(CLIENT, (client_id, on), prepare=True)
    row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[2]), _hash(client_id, secret)):
        return None
    client = Client(row[0], row[1])
    if len(_kept) >= KEPT_CLIENTS:
        _kept.clear()
    _kept[cursor.connection.info.dbname, client_id] = (row[4], client, bytes(row[2]), row[3])
    return client


_kept: dict[tuple[str, str], tuple[int, Client, bytes, date | None]] = {}


def kept_client(connection: Any, token: str, on: date) -> tuple[Client, int] | None:
    """The client of a token as this process last read it, and the organisation's version of then: it holds as long as
    that is the version. None: not known, or another secret. No statement."""
    client_id, _, secret = token.partition(".")
    kept = _kept.get((connection.info.dbname, client_id))
    if kept is None:
        return None
    version, client, secret_hash, valid_until = kept
    if valid_until is not None and valid_until <= on:
        return None
    return (client, version) if hmac.compare_digest(secret_hash, _hash(client_id, secret)) else None
