"""Canaries: no id number, phone, card, address, e-mail or health answer is anywhere in clear in a dump or a log.

Seeded by acts of every outcome: accepted, refused, referred, approved, with a key reused; unmasked and searched for.
Seen red: a mobile number shown whole in its mask; a search text in a log line.
Looked for as text, in UTF-8 and UTF-16, hex, base64 at every alignment, JSON and URL escapes, and plain hashes.
"""

import base64
import hashlib
import json
import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActAccepted, ActRefused, KeyReused
from counterfoil.apps.acts.intake import party_id_for
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.apps.parties.operations import find_by_id_number, unmask
from counterfoil.apps.parties.search import search_parties
from counterfoil.apps.work.operations import approve
from counterfoil.core.kernel.identifiers import PaperKind, Sex
from counterfoil.core.newbusiness.decide_application import DecideApplication
from counterfoil.core.parties.change_contact_details import PlainChangeContactDetails
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.register_party import PlainPaper, PlainRegisterParty
from counterfoil.core.parties.values import ContactKind, PartyKind
from counterfoil.core.policy.designation import Designation
from counterfoil.postgres.binaries import find_programs
from counterfoil.postgres.place import place_of
from tests.builders import lives
from tests.conftest import CLUSTER, PROJECT
from tests.postgres.databases import TestDatabase
from tests.proofs.observing import value
from tests.proofs.scenes import ISSUED, Scene, once

BORN = date(1987, 6, 5)
NAME = "金丝雀"
CANARIES = {
    "id number": lives.resident_id(BORN, "F", sequence=377),
    "passport": "E83719264",
    "mobile": "13977335519",
    "new mobile": "15877224460",
    "phone": "02583719264",
    "e-mail": "canary.7731@example.cn",
    "address": "江苏省南京市溧水区永阳街道金丝雀路7731号",
    "card": lives.bank_card(773_155),
    "second card": lives.bank_card(773_256),
    "refused card": lives.bank_card(773_357)[:-1] + "0",
    "health answer": "2024年确诊肝硬化7731",
    "refused id number": lives.resident_id(date(1950, 1, 2), "M", sequence=388),
}


def forms(text: str) -> set[str]:
    """Every way in which the text may stand in a dump, in lower case."""
    raw = text.encode()
    found = {text, quote(text), json.dumps(text)[1:-1], raw.hex(), text.encode("utf-16-le").hex()}
    found |= {text.encode("utf-16-be").hex(), text[::-1]}
    for before in range(3):  # the middle of base64 does not depend on what stands around it
        coded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        found.add(coded[(before * 8 + 5) // 6 : len(coded) - 1 - (len(coded) % 4 > 0)])
    for digest in ("md5", "sha1", "sha256", "sha512"):
        made = hashlib.new(digest, raw)
        found |= {made.hexdigest(), base64.b64encode(made.digest()).decode()}
    return {form.lower() for form in found}


def canaries_in(text: str) -> set[str]:
    """Names of the canaries that stand in the text in any form."""
    lowered = text.lower()
    return {name for name, canary in CANARIES.items() if any(form in lowered for form in forms(canary))}


def dumped(database: TestDatabase) -> str:
    """The whole database as SQL text."""
    command = [find_programs().path("pg_dump"), "--inserts", "--no-owner"]
    done = subprocess.run(
        command, env=database.admin.environment(), capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@dataclass
class Listener(logging.Handler):
    """Everything that is logged at any level, with arguments and tracebacks."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record) + repr(record.__dict__))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What is logged during the test. The loggers that settings silence stay silent, as in production."""
    listener, root = Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    logging.getLogger("test").debug("listening")
    try:
        yield listener.lines
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


def seed(scene: Scene) -> UUID:
    """A customer with every kind of personal value, by acts of every outcome."""
    clerk = scene.cast.clerk
    key = uuid4().hex
    party = party_id_for(clerk, key)
    plain = PlainRegisterParty(
        kind=PartyKind.PERSON, name=NAME, sex=Sex("F"), birth_date=BORN, occupation_code="2020101", occupation_class=1,
        papers=(
            PlainPaper(PaperKind.RESIDENT_ID, CANARIES["id number"]),
            PlainPaper(PaperKind.PASSPORT, CANARIES["passport"]),
        ),
        contacts=tuple(
            PlainContact(kind, CANARIES[name])
            for kind, name in (
                (ContactKind.MOBILE, "mobile"), (ContactKind.PHONE, "phone"), (ContactKind.EMAIL, "e-mail"),
                (ContactKind.ADDRESS, "address"),
            )
        ),
    )  # fmt: skip
    register = lives.call("register_party", party, plain, ISSUED, key=key)
    assert isinstance(lives.run([register], clerk)[0], ActAccepted)
    assert isinstance(lives.run([register], clerk)[0], ActAccepted), "repeated"
    _refused(scene, plain)
    account = lives.add_account(clerk, party, number=CANARIES["card"], on=ISSUED)
    lives.add_account(clerk, party, number=CANARIES["second card"], on=ISSUED)
    change = PlainChangeContactDetails(contacts=(PlainContact(ContactKind.MOBILE, CANARIES["new mobile"]),))
    lives.do(clerk, "change_contact_details", party, change, ISSUED)
    assert isinstance(
        lives.run([lives.call("change_contact_details", party, change, ISSUED)], clerk)[0], ActRefused
    )
    notice = lives.answer_health(
        clerk, party, on=ISSUED, answers={"organ_disease": CANARIES["health answer"]}
    )
    named = (Designation(scene.wife, 1, "spouse"),)
    policy, _ = lives.apply(clerk, party, party, named, on=ISSUED, notice_id=notice)
    (refused,) = lives.run([lives.call("decide_application", policy, DecideApplication(), ISSUED)], clerk)
    assert isinstance(refused, ActRefused), "an answer that a person has to judge"
    _look_up(scene, party, account)
    return party


def _refused(scene: Scene, plain: PlainRegisterParty) -> None:
    """Somebody of the same number again, the same key for another, a number and a card that cannot exist."""
    clerk, key = scene.cast.clerk, uuid4().hex
    again = lives.call("register_party", party_id_for(clerk, key), plain, ISSUED, key=key)
    assert isinstance(lives.run([again], clerk)[0], ActRefused)
    other = replace(plain, not_a_duplicate=True)
    assert isinstance(lives.run([replace(again, request=other)], clerk)[0], ActAccepted)
    third = replace(plain, not_a_duplicate=True, papers=(PlainPaper(PaperKind.PASSPORT, "E00000001"),))
    with pytest.raises(KeyReused):
        lives.run([replace(again, request=third)], clerk)
    wrong = replace(plain, papers=(PlainPaper(PaperKind.RESIDENT_ID, CANARIES["refused id number"]),))
    unborn = lives.call("register_party", party_id_for(clerk, "x"), wrong, ISSUED, key="x")
    assert isinstance(lives.run([unborn], clerk)[0], ActRefused)
    card = lives.PlainAddBankAccount(account_id=uuid4(), bank="工行", number=CANARIES["refused card"])
    bad = lives.call("add_bank_account", again.subject_id, card, ISSUED)
    assert isinstance(lives.run([bad], clerk)[0], ActRefused)


def _look_up(scene: Scene, party: UUID, account: UUID) -> None:
    with transaction.atomic():
        cursor = raw_connection("default").cursor()
        actor = load_actor(cursor, scene.cast.handler, ISSUED)
        assert unmask(cursor, party, "paper:RESIDENT_ID", "核对证件", actor) == CANARIES["id number"]
        assert find_by_id_number(cursor, CANARIES["id number"], "客户来访", actor).hits
        assert search_parties(cursor, CANARIES["new mobile"]).hits


def test_a_dump_of_the_database_holds_no_canary_in_any_form(
    single: tuple[Scene, TestDatabase], heard: list[str]
) -> None:
    scene, database = single
    party = seed(scene)
    lives.open_books(scene.today)
    once(scene.surrender("refer"), scene.cast.clerk)
    approved = approve(value("SELECT referral_id FROM work_referral"), scene.cast.city_supervisor, "同意")
    assert isinstance(approved, ActAccepted)
    for alias in connections:
        connections[alias].close()
    dump = dumped(database)
    assert NAME in dump, "names are kept in clear, for search"
    assert str(party) in dump
    assert dump.count("INSERT INTO public.attempt ") >= 3
    assert canaries_in(dump) == set()
    assert any("listening" in line for line in heard)
    assert canaries_in("\n".join(heard)) == set()
    log = place_of(PROJECT, CLUSTER).log
    assert canaries_in(_tail(log)) == set()


def _tail(log: Path) -> str:
    """The server's own log of late; none where the server is not ours."""
    return log.read_text(encoding="utf-8", errors="replace")[-2_000_000:] if log.exists() else ""


@pytest.mark.parametrize("name", CANARIES)
def test_a_canary_let_into_a_table_is_found_in_every_form(name: str) -> None:
    canary = CANARIES[name]
    raw = canary.encode()
    leaks = [
        f"x{canary}y", json.dumps({"number": canary}), raw.hex(), base64.b64encode(raw).decode(),
        base64.b64encode(b"x" + raw + b"yz").decode(), base64.b64encode(b"ab" + raw + b"c").decode(), quote(canary),
        hashlib.sha256(raw).hexdigest(), canary[::-1],
    ]  # fmt: skip
    for leak in leaks:
        assert name in canaries_in(f"INSERT INTO t VALUES ('{leak}');"), leak


def test_a_canary_in_a_column_is_found_in_the_dump(single: tuple[Scene, TestDatabase]) -> None:
    _, database = single
    with database.connect() as admin:
        admin.execute("CREATE TABLE leak (text text, bytes bytea, document jsonb)")
        admin.execute("INSERT INTO leak (text) VALUES (%s)", [CANARIES["mobile"]])
        admin.execute("INSERT INTO leak (bytes) VALUES (%s)", [CANARIES["card"].encode()])
        admin.execute("INSERT INTO leak (document) VALUES (%s::jsonb)", [json.dumps([CANARIES["address"]])])
    assert canaries_in(dumped(database)) == {"mobile", "card", "address"}
