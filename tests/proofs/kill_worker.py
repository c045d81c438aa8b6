"""Programs of test_kill.py: one prepares policies and a list of acts, the other performs acts until it is killed.

    python -m tests.proofs.kill_worker prepare FILE
    python -m tests.proofs.kill_worker work FILE

The worker takes one line of standard input for each act: its number, and where to be killed in it ("" nowhere,
"before", "written": rows written and not committed, "committed": committed and not answered; "postgres": the server is
killed where rows are written). It answers with a line "number seq repeated". It tries again, with the same key, as long
as the connection is lost. A killed worker is replaced by a fresh fork of the process that began, which says "dead".
"""

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import django
import psycopg

os.environ["COUNTERFOIL_VERIFY_FOLD"] = "0"  # the commit goes out with the rows, as outside of tests
django.setup()

from django.db import Error, connections  # noqa: E402

from counterfoil.apps.acts import apply as applying  # noqa: E402
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActRetry  # noqa: E402
from counterfoil.apps.acts.perform import perform  # noqa: E402
from counterfoil.commands.migrate import migrate  # noqa: E402
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium  # noqa: E402
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium  # noqa: E402
from counterfoil.core.newbusiness.issue_policy import IssuePolicy  # noqa: E402
from counterfoil.core.newbusiness.record_contract_receipt import RecordContractReceipt  # noqa: E402
from counterfoil.core.policy.designation import Designation  # noqa: E402
from counterfoil.core.policy.facts import Keep  # noqa: E402
from counterfoil.core.policy.money_in import PaymentMethod  # noqa: E402
from counterfoil.core.product.definition import PayMode  # noqa: E402
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary  # noqa: E402
from counterfoil.core.servicing.surrender import Surrender, SurrenderReason  # noqa: E402
from tests.builders import lives  # noqa: E402
from tests.proofs.machine import set_up  # noqa: E402

APPLIED = date(2026, 3, 2)
POLICIES = 25
SUM_ASSURED = "20000"
ACTS = 8
PATIENCE_SECONDS = 100  # a busy machine may need several starts before a killed server's children are gone
LOST = (psycopg.OperationalError, psycopg.InterfaceError, Error)


@dataclass(frozen=True)
class Prepared:
    """What both programs know: who acts, for whom, on which policies."""

    actor: UUID
    wife: UUID
    account: UUID
    premium: Decimal
    policies: tuple[UUID, ...]

    def call(self, number: int) -> ActCall:
        """Act ``number`` of the list: the acts of one policy follow each other."""
        policy = self.policies[number // ACTS]
        due = [date(APPLIED.year + n, APPLIED.month, APPLIED.day + 1) for n in range(3)]
        card = PaymentMethod.CARD
        named = (Designation(self.wife, 1, "spouse", Decimal(100)),)
        act, request, on, effective = (
            ("collect_first_premium", CollectFirstPremium(self.premium, card, APPLIED), APPLIED, APPLIED),
            ("issue_policy", IssuePolicy(), APPLIED, due[0]),
            ("record_contract_receipt", RecordContractReceipt(due[0]), due[0], due[0]),
            ("collect_renewal_premium", CollectRenewalPremium(self.premium, card, due[1]), due[1], due[1]),
            ("change_beneficiary", ChangeBeneficiary(named, True), due[1], due[1]),
            ("collect_renewal_premium", CollectRenewalPremium(self.premium, card, due[2]), due[2], due[2]),
            ("change_beneficiary", ChangeBeneficiary((), True), due[2], due[0]),
            ("surrender", Surrender(self.account, SurrenderReason.OTHER), date(2028, 9, 1), date(2028, 9, 1)),
        )[number % ACTS]
        later = {7: Keep.LATER} if effective < on else {}  # the change of the year after stands
        return lives.call(act, policy, request, on, effective=effective, key=f"key {number}", choices=later)


def prepare(path: Path) -> None:
    """The tables, the insurer, a couple, and policies that are applied for and accepted."""
    migrate()
    actor = set_up().actor
    man = lives.register_person(actor, "王建国", birth=date(1996, 1, 15), on=APPLIED)
    wife = lives.register_person(actor, "李秀英", birth=date(1993, 3, 8), sex="F", on=APPLIED)
    account = lives.add_account(actor, man, on=APPLIED)
    notice = lives.answer_health(actor, man, on=APPLIED)
    made = []
    for _ in range(POLICIES):
        policy, premium = lives.apply(
            actor, man, man, (), on=APPLIED, sum_assured=SUM_ASSURED, pay_mode=PayMode.ANNUAL, pay_years=5,
            notice_id=notice,
        )  # fmt: skip
        lives.decide(actor, policy, on=APPLIED)
        made.append(policy)
    known = {"actor": actor, "wife": wife, "account": account, "premium": premium, "policies": made}
    path.write_text(json.dumps(known, default=str), encoding="utf-8")


def load(path: Path) -> Prepared:
    """What ``prepare`` wrote."""
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    people = {name: UUID(known[name]) for name in ("actor", "wife", "account")}
    return Prepared(
        premium=Decimal(known["premium"]), policies=tuple(UUID(p) for p in known["policies"]), **people
    )


class Victim:
    """Kills this process, or the server, at a point of the act that is under way."""

    def __init__(self) -> None:
        self.point = ""
        write = applying.Writer.write

        def write_and_die(writer: applying.Writer, connection: Any, *, commit: bool = False) -> None:
            write(writer, connection, commit=commit and self.point not in ("written", "postgres"))
            self.at("written")
            if self.point == "postgres":
                self.point = ""
                kill_server(connection)

        applying.Writer.write = write_and_die  # type: ignore[method-assign]

    def at(self, point: str) -> None:
        """Die here if it is the point."""
        if point == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def kill_server(connection: psycopg.Connection[Any]) -> None:
    """kill -9 of the postmaster and of the process that serves this connection."""
    (postmaster, *_) = Path(os.environ["KILL_PID_FILE"]).read_text(encoding="utf-8").splitlines()
    os.kill(int(postmaster), signal.SIGKILL)
    os.kill(connection.info.backend_pid, signal.SIGKILL)


def nurse(path: Path) -> None:
    """Fork a worker, and another whenever it was killed, until the input ends."""
    while True:
        worker = os.fork()
        if not worker:
            work(path)
            os._exit(0)
        _, status = os.waitpid(worker, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))
        print("dead", flush=True)


def work(path: Path) -> None:
    """Perform what is asked for on standard input."""
    known, victim = load(path), Victim()
    for line in sys.stdin:
        number, _, victim.point = line.strip().partition(" ")
        call = known.call(int(number))
        victim.at("before")
        outcome = persist(call, known.actor)
        victim.at("committed")
        print(number, outcome.seq, outcome.repeated, flush=True)


def persist(call: ActCall, actor: UUID) -> ActAccepted:
    """The same call until it is answered."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            (outcome,) = perform([call], actor)
        except LOST:
            connections.close_all()
            time.sleep(0.05)
            continue
        if not isinstance(outcome, ActRetry):
            assert isinstance(outcome, ActAccepted), outcome
            return outcome
    raise TimeoutError("the server did not come back")


if __name__ == "__main__":
    {"prepare": prepare, "work": nurse}[sys.argv[1]](Path(sys.argv[2]))
