"""Keeps sealed files on disk, each under an address made from its content; what is there is never written again.

A file is written beside its place and put there in one step, so that no half of one is ever found. The name that a file
came with is not used.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from django.conf import settings

from counterfoil.apps.parties.sealing import OpenKey, Unreadable, open_file, seal_file

ADDRESS = re.compile(r"[0-9a-f]{64}")


def keep(key: OpenKey, content: bytes) -> str:
    """Seal content and keep it; returns its address. The same content of the same case is kept once."""
    digest = hashlib.sha256(content).digest()
    address = hmac.new(key.secret, digest, "sha256").hexdigest()
    path = _place(address)
    if not path.exists():
        _write(path, seal_file(key, address, content))
    return address


def read(key: OpenKey, address: str) -> bytes:
    """The content at an address. Raises Unreadable where it is gone, changed, or another case's."""
    try:
        cipher = _place(address).read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"no file at {address}") from None
    return open_file(key, address, cipher)


def _place(address: str) -> Path:
    if not ADDRESS.fullmatch(address):
        raise Unreadable("not an address of a file")
    return Path(settings.PAPERS_DIR) / address[:2] / address[2:4] / address


def _write(path: Path, cipher: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{secrets.token_hex(8)}.half")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(cipher)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        half.unlink(missing_ok=True)
