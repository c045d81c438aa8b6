"""Where a PostgreSQL server answers, for which role; the one form that settings, tests and programs share."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ADMIN = "postgres"
OWNER = "counterfoil_owner"
APP = "counterfoil_app"
BATCH = "counterfoil_batch"
DATABASE = "counterfoil"


@dataclass(frozen=True, kw_only=True)
class ServerAddress:
    """A server, a database in it and a role. `host` may be the folder of a unix socket."""

    host: str
    port: int
    user: str
    database: str = DATABASE
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def as_role(self, user: str, password: str | None = None) -> "ServerAddress":
        """The same server and database for another role; the password stays unless given."""
        return replace(self, user=user, password=self.password if password is None else password)

    def to_database(self, name: str) -> "ServerAddress":
        """The same server and role, another database."""
        return replace(self, database=name)

    def parameters(self) -> dict[str, Any]:
        """Keyword arguments for `psycopg.connect`."""
        given: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "dbname": self.database,
            **dict(self.options),
        }
        if self.password:
            given["password"] = self.password
        return given

    def environment(self) -> dict[str, str]:
        """The same for programs that read libpq's variables, such as psql and pg_dump."""
        given = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": self.database,
        }
        if self.password:
            given["PGPASSWORD"] = self.password
        return given


class BadAddress(ValueError):
    """The text is no PostgreSQL address."""


def read_address(url: str) -> ServerAddress:
    """Read `postgresql://user:password@host:port/database?sslmode=…`; the host may be a percent-encoded folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadAddress("the address must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "") or "localhost"
    if "%2F" in parts.netloc or "%2f" in parts.netloc:
        # urlsplit lowers the case of a host name; a folder's case matters.
        host = unquote(parts.netloc.rsplit("@", 1)[-1].split(":", 1)[0])
    return ServerAddress(
        host=host,
        port=parts.port or int(options.pop("port", "5432")),
        user=unquote(parts.username or "") or ADMIN,
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or DATABASE,
        options=tuple(sorted(options.items())),
    )
