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

CHILDREN = (*POLICY_SLICES.values(), *PARTY_SLICES.values(), "entry", "document")
UNSEALED = """
SELECT a.subject_id, a.seq FROM act a LEFT JOIN seal_member m USING (subject_id, seq)
WHERE m.subject_id IS NULL AND a.xact_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY a.subject_id, a.seq LIMIT %s
"""


def _digest_sql(tables: tuple[str, ...]) -> str:
    """Digest of an act row and of every row that it recorded; what later acts supersede is not part of it."""
    children = " UNION ALL ".join(
        f"SELECT '{t}' AS kind, to_jsonb(r) - 'superseded_seq' AS row FROM {t} r"
        f" WHERE r.{subject_column(t)} = k.id AND r.seq = k.seq"
        for t in tables
    )
    return f"""
SELECT k.id, k.seq, sha256(convert_to(
  (SELECT (to_jsonb(a) - 'xact_id')::text FROM act a WHERE a.subject_id = k.id AND a.seq = k.seq)
  || coalesce((SELECT string_agg(kind || row::text, chr(10) ORDER BY kind, row::text) FROM ({children}) c), ''),
  'UTF8'))
FROM unnest(%s::uuid[], %s::int[]) AS k(id, seq)
"""


class Finding(Struct, frozen=True):
    """Something that does not agree with the seal."""

    what: str
    block: int
    subject_id: str = ""
    seq: int = 0


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
    """Seal one block of acts whose transactions have ended, and write its anchor line. Returns how many acts.

    Runs in the caller's transaction; the anchor is written last, so that a crash leaves a block without an anchor,
    which the next call anchors.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seal_block'))")
    cursor.execute(UNSEALED, (at_most,))
    keys = cursor.fetchall()
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
        last = (block, mac)
    if last:
        _anchor(anchors, last[0], bytes(last[1]))
    return len(keys)


def _anchor(anchors: Path, block: int, mac: bytes) -> None:
    line = f"{block} {mac.hex()}\n"
    anchors.parent.mkdir(parents=True, exist_ok=True)
    if not anchors.exists() or not anchors.read_text(encoding="ascii").endswith(line):
        with anchors.open("a", encoding="ascii") as file:
            file.write(line)


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
    lines = anchors.read_text(encoding="ascii").splitlines() if anchors.exists() else []
    anchored = dict(line.split() for line in lines)
    previous, seen = b"", set[str]()
    for number, (block, acts, mac, members) in enumerate(_blocks(cursor), 1):
        if block != number:
            found.append(Finding("block_missing", number))
        if len(members) != acts or _mac(key, previous, block, members) != mac:
            found.append(Finding("block_altered", block))
        if anchored.get(str(block), mac.hex()) != mac.hex():
            found.append(Finding("anchor_differs", block))
        seen.add(str(block))
        digests = _digests(cursor, tables, [(s, q) for s, q, _ in members]) if members else {}
        for subject, seq, digest in members:
            now_digest = digests.get((subject, seq), b"")
            if now_digest != digest:
                what = "act_deleted" if not now_digest else "act_altered"
                found.append(Finding(what, block, str(subject), seq))
        previous = mac
    found.extend(Finding("block_cut", int(block)) for block in anchored if block not in seen)
    cursor.execute(
        "SELECT subject_id::text, max(seq) FROM act GROUP BY subject_id HAVING max(seq) <> count(*) OR min(seq) <> 1"
    )
    found.extend(Finding("acts_not_consecutive", 0, subject, seq) for subject, seq in cursor.fetchall())
    return found
