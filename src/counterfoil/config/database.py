"""Which databases Django uses: the embedded cluster's, or those of COUNTERFOIL_DATABASE_URL, in three roles.

default is the app role (bound by row security), `owner` runs migrations, `batch` is the night run's and import's.
"""

import os
from typing import Any

from counterfoil.config.places import PROJECT
from counterfoil.postgres import embedded
from counterfoil.postgres.address import APP, BATCH, OWNER, ServerAddress, read_address

ALIASES = {"default": APP, "owner": OWNER, "batch": BATCH}


def admin_address() -> ServerAddress:
    """The server as its administrator sees it; starts nothing."""
    url = os.environ.get("COUNTERFOIL_DATABASE_URL")
    if url:
        return read_address(url)
    return embedded.address(PROJECT, os.environ.get("COUNTERFOIL_CLUSTER", "main"))


def start() -> ServerAddress:
    """Make sure that the embedded server runs, when it is used, and return the administrator's address."""
    if os.environ.get("COUNTERFOIL_DATABASE_URL"):
        return admin_address()
    return embedded.ensure_running(PROJECT, os.environ.get("COUNTERFOIL_CLUSTER", "main"))


def role_address(role: str) -> ServerAddress:
    """The server for one of the three roles: its own variable's address, or the administrator's with its name."""
    own = os.environ.get(f"{role.upper()}_DATABASE_URL")  # such as COUNTERFOIL_APP_DATABASE_URL
    return read_address(own) if own else admin_address().as_role(role)


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES."""
    return {alias: _settings(role_address(role), prepared=role != OWNER) for alias, role in ALIASES.items()}


def _settings(address: ServerAddress, *, prepared: bool) -> dict[str, Any]:
    # A web process is synchronous and keeps one connection, so that statements stay prepared on it. Parameters are
    # bound by the server then: statements are only alike, and so prepared once, when values are not written into them.
    binding = {"server_side_binding": True, "prepare_threshold": 3} if prepared else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": address.host,
        "PORT": str(address.port),
        "USER": address.user,
        "PASSWORD": address.password,
        "NAME": address.database,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": dict(address.options) | binding,
    }
