"""Ports to what the outside decides: the time, and new ids. Tests and simulations put their own in place."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from random import Random
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

LEGAL_ZONE: tzinfo = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the real time."""

    def now(self) -> datetime: ...


class IdSource(Protocol):
    """Gives new ids."""

    def new(self) -> UUID: ...


def uuid7(milliseconds: int, random_bytes: bytes) -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(random_bytes, "big") & ((1 << 80) - 1)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIds:
    """Ids from the machine's clock and randomness."""

    def new(self) -> UUID:
        return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


class SeededIds:
    """Ids from one seed, for simulations: the same seed gives the same ids."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._count = 0

    def new(self) -> UUID:
        self._count += 1
        return uuid7(self._count, self._random.randbytes(10))


class _Ports:
    clock: Clock = SystemClock()
    ids: IdSource = SystemIds()


_ports = _Ports()


def now() -> datetime:
    """The real time, with zone."""
    return _ports.clock.now()


def new_id() -> UUID:
    """A new id, ordered by time."""
    return _ports.ids.new()


@contextmanager
def ports(clock: Clock | None = None, ids: IdSource | None = None) -> Iterator[None]:
    """Put other ports in place for a while."""
    before = _ports.clock, _ports.ids
    _ports.clock, _ports.ids = clock or before[0], ids or before[1]
    try:
        yield
    finally:
        _ports.clock, _ports.ids = before
