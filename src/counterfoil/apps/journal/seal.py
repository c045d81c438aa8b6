"""The seal: acts with all their rows, digested, chained in blocks by HMAC and anchored outside the database.

``audit verify`` finds any edit, deletion, insertion or cut older than the last anchor. The key and the anchor file are
outside the database; whoever holds all three can forge, nobody with the database alone can.
"""

import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from counterfoil.apps.journal.ports import now
from counterfoil.apps.journal.tables import PARTY_SLICES, POLICY_SLICES, subject_column

VERSIONED = (*POLICY_SLICES.values(), *PARTY_SLICES.values())
CHILDREN = (*VERSIONED, "entry", "document")
UNSEALED = """
SELECT a.subject_id, a.seq FROM act a LEFT JOIN seal_member m USING (subject_id, seq)
WHERE m.subject_id IS NULL
ORDER BY a.recorded_at, a.subject_id, a.seq LIMIT %s
"""
# Acts are sealed in the order of their recording, but for those whose transactions took longer than others'. An act
# that says it is older than acts of earlier blocks was put in behind them.
LONGEST_TRANSACTION = "10 minutes"
INSERTED = f"""
WITH placed AS (
  SELECT a.subject_id, a.seq, a.recorded_at, coalesce(m.block, 2147483647) AS block
  FROM act a LEFT JOIN seal_member m USING (subject_id, seq)
), earlier AS (
  SELECT block, max(max(recorded_at)) OVER (ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest
  FROM placed GROUP BY block
)
SELECT subject_id::text, seq FROM placed JOIN earlier USING (block)
WHERE recorded_at < newest - interval '{LONGEST_TRANSACTION}'
"""


def _digest_sql(tables: tuple[str, ...]) -> str:
    """Digest of an act row, of every row that it recorded, and of the place of every row that it superseded."""
    children = " UNION ALL ".join(
        f"SELECT '{t}' AS kind, (to_jsonb(r) - 'superseded_seq')::text AS row FROM {t} r"
        f" WHERE r.{subject_column(t)} = k.id AND r.seq = k.seq"
        for t in tables
    )
    gone = " UNION ALL ".join(
        f"SELECT '{t} superseded', r.seq || ' ' || r.row_no FROM {t} r"
        f" WHERE r.{subject_column(t)} = k.id AND r.superseded_seq = k.seq"
        for t in tables
        if t in VERSIONED
    )
    return f"""
SELECT k.id, k.seq, sha256(convert_to(
  (SELECT (to_jsonb(a) - 'xact_id')::text FROM act a WHERE a.subject_id = k.id AND a.seq = k.seq)
  || coalesce((SELECT string_agg(kind || row, chr(10) ORDER BY kind, row) FROM ({children} UNION ALL {gone}) c), ''),
  'UTF8'))
FROM unnest(%s::uuid[], %s::int[]) AS k(id, seq)
"""


def _without_act_sql(tables: tuple[str, ...]) -> str:
    """Rows that no act recorded, or that were superseded by no act."""
    claims = [(t, "seq") for t in tables] + [(t, "superseded_seq") for t in tables if t in VERSIONED]
    return " UNION ALL ".join(
        f"SELECT DISTINCT r.{subject_column(t)}::text, r.{seq} FROM {t} r WHERE r.{seq} IS NOT NULL AND NOT EXISTS"
        f" (SELECT FROM act a WHERE a.subject_id = r.{subject_column(t)} AND a.seq = r.{seq})"
        for t, seq in claims
    )


class Finding(Struct, frozen=True):
    """Something that does not agree with the seal."""

    what: str
    block: int
    subject_id: str = ""
    seq: int = 0


class SealBroken(RuntimeError):
    """The last anchored block is not in the database as it was anchored: nothing is sealed over it."""


def _mac(key: bytes, previous: bytes, block: int, members: list[tuple[Any, int, bytes]]) -> bytes:
    chain = hmac.new(key, previous, "sha256")
    chain.update(block.to_bytes(8, "big") + len(members).to_bytes(8, "big"))
    for subject, seq, digest in members:
        chain.update(subject.bytes + seq.to_bytes(4, "big") + digest)
    return chain.digest()


def _existing(cursor: Any) -> tuple[str, ...]:
    cursor.execute("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
    there = {row[0] for row in cursor.fetchall()}
    return tuple(table for table in CHILDREN if table in there)


def _digests(
    cursor: Any, tables: tuple[str, ...], keys: list[tuple[Any, int]]
) -> dict[tuple[Any, int], bytes]:
    cursor.execute(_digest_sql(tables), ([k[0] for k in keys], [k[1] for k in keys]))
    return {(row[0], row[1]): bytes(row[2]) if row[2] is not None else b"" for row in cursor.fetchall()}


def seal(cursor: Any, key: bytes, anchors: Path, at_most: int = 5000) -> int:
    """Seal one block of acts, and write its anchor line. Returns how many acts.

    Runs in the caller's transaction. Blocks are anchored by the call after the one that made them, once they are
    committed, so call until it answers 0. Raises SealBroken.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seal_block'))")
    _anchor(cursor, anchors)
    cursor.execute(UNSEALED, (at_most,))
    keys = sorted(cursor.fetchall())
    cursor.execute("SELECT block, mac FROM seal_block ORDER BY block DESC LIMIT 1")
    last = cursor.fetchone()
    if keys:
        digests = _digests(cursor, _existing(cursor), keys)
        members = [(subject, seq, digests[(subject, seq)]) for subject, seq in keys]
        block, previous = (last[0] + 1, bytes(last[1])) if last else (1, b"")
        mac = _mac(key, previous, block, members)
        cursor.execute("INSERT INTO seal_block VALUES (%s, %s, %s, %s)", (block, now(), len(members), mac))
        cursor.execute(
            "INSERT INTO seal_member (subject_id, seq, block, digest)"
            " SELECT s, q, %s, d FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS u(s, q, d)",
            (block, [m[0] for m in members], [m[1] for m in members], [m[2] for m in members]),
        )
    return len(keys)


def _anchored(anchors: Path) -> list[tuple[int, str]]:
    """The lines of the anchor file: block and code, the oldest first."""
    lines = anchors.read_text(encoding="ascii").splitlines() if anchors.exists() else []
    return [(int(block), code) for block, code in (line.split() for line in lines)]


def _anchor(cursor: Any, anchors: Path) -> None:
    """Write a line for every committed block that has none."""
    number, code = (_anchored(anchors) or [(0, "")])[-1]
    cursor.execute("SELECT block, mac FROM seal_block WHERE block >= %s ORDER BY block", (number,))
    codes = {block: bytes(mac).hex() for block, mac in cursor.fetchall()}
    if number and codes.pop(number, None) != code:
        raise SealBroken(f"block {number} is not as it was anchored; run audit verify")
    if codes:
        anchors.parent.mkdir(parents=True, exist_ok=True)
        with anchors.open("a", encoding="ascii") as file:
            file.writelines(f"{block} {new}\n" for block, new in codes.items())


def _blocks(cursor: Any) -> Iterator[tuple[int, int, bytes, list[tuple[Any, int, bytes]]]]:
    cursor.execute("SELECT block, acts, mac FROM seal_block ORDER BY block")
    for block, acts, mac in cursor.fetchall():
        cursor.execute(
            "SELECT subject_id, seq, digest FROM seal_member WHERE block = %s ORDER BY subject_id, seq",
            (block,),
        )
        yield block, acts, bytes(mac), [(s, q, bytes(d)) for s, q, d in cursor.fetchall()]


def verify(cursor: Any, key: bytes, anchors: Path) -> list[Finding]:
    """Every disagreement between acts, blocks and anchors; empty when all is as it was sealed."""
    found: list[Finding] = []
    tables = _existing(cursor)
    previous, macs = b"", dict[int, str]()
    for number, (block, acts, mac, members) in enumerate(_blocks(cursor), 1):
        if block != number:
            found.append(Finding("block_missing", number))
        if len(members) != acts or _mac(key, previous, block, members) != mac:
            found.append(Finding("block_altered", block))
        macs[block] = mac.hex()
        digests = _digests(cursor, tables, [(s, q) for s, q, _ in members]) if members else {}
        for subject, seq, digest in members:
            now_digest = digests.get((subject, seq), b"")
            if now_digest != digest:
                what = "act_deleted" if not now_digest else "act_altered"
                found.append(Finding(what, block, str(subject), seq))
        previous = mac
    for block, code in _anchored(anchors):
        if macs.get(block) != code:
            found.append(Finding("anchor_differs" if block in macs else "block_cut", block))
    return found + _misplaced(cursor, tables)


def _misplaced(cursor: Any, tables: tuple[str, ...]) -> list[Finding]:
    """Acts that are missing or were put in, and rows that belong to no act."""
    queries = {
        "acts_not_consecutive": "SELECT subject_id::text, max(seq) FROM act GROUP BY subject_id"
        " HAVING max(seq) <> count(*) OR min(seq) <> 1",
        "act_inserted": INSERTED,
        "row_without_act": _without_act_sql(tables),
    }
    found: list[Finding] = []
    for what, query in queries.items():
        cursor.execute(query)
        found.extend(Finding(what, 0, subject, seq) for subject, seq in cursor.fetchall())
    return found
