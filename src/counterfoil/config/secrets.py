"""The keys of this installation, each a file that only its owner can read: who makes them, and when not.

`make setup` makes missing keys for a project that uses its own embedded database. For a real server
(COUNTERFOIL_DATABASE_URL or COUNTERFOIL_SECRET_DIR is given) a missing key is an error: a new one would make all that
was encrypted or sealed with the lost one unreadable, so `python -m counterfoil.config.secrets` is run on purpose.
"""

import os
import secrets
import sys
from pathlib import Path

from counterfoil.config.places import SECRETS

# session: Django's signing; personal: wraps the data keys of parties; lookup: keyed hashes for search and
# idempotency; seal: the audit chain.
NAMES = ("session", "personal", "lookup", "seal")
BYTES = 32


class MissingSecret(RuntimeError):
    """A key file is not there and may not be made silently."""


def secret(name: str) -> bytes:
    """The key called `name`, 32 bytes, from its file. Raises MissingSecret where it may not be made."""
    path = SECRETS / f"{name}.key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        if os.environ.get("COUNTERFOIL_DATABASE_URL") or os.environ.get("COUNTERFOIL_SECRET_DIR"):
            raise MissingSecret(
                f"{path} is missing. Restore it, or for a new installation run: python -m counterfoil.config.secrets"
            ) from None
    return make(path)


def make(path: Path) -> bytes:
    """Make a key file that only its owner reads, unless there is one already, and return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(BYTES).hex())
    try:
        os.link(half, path)  # unlike a rename it never replaces a key that another run has just made
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii"))


def main() -> int:
    """Make every key that is missing."""
    for name in NAMES:
        path = SECRETS / f"{name}.key"
        if not path.exists():
            make(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
