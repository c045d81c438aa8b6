"""The ground of the benchmarks: a cluster of their own with fsync on, a new database, the insurer of the tests."""

import gc
import multiprocessing
import os
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

PROJECT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 6, 1)


def start() -> None:
    """Start the cluster, make the database anew, set Django up."""
    os.environ["COUNTERFOIL_CLUSTER"] = "bench"
    os.environ["DJANGO_SETTINGS_MODULE"] = "counterfoil.config.settings"
    os.environ["COUNTERFOIL_LOG_LEVEL"] = "ERROR"
    os.environ["COUNTERFOIL_VERIFY_FOLD"] = "0"
    import psycopg

    from counterfoil.config import database

    admin = database.start()
    from django.apps import apps

    if apps.ready:  # a benchmark before this one in the same process
        from django.db import connections

        connections.close_all()
    with closing(
        psycopg.connect(**admin.to_database("postgres").parameters(), autocommit=True)
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{admin.database}" WITH (FORCE)')
    import django

    django.setup()
    from counterfoil.commands.migrate import migrate

    migrate()


def admin_address() -> Any:
    """The cluster as its administrator sees it."""
    from counterfoil.config import database

    return database.admin_address()


def accepted_outcomes(outcomes: Sequence[Any]) -> None:
    """Stop the run unless every act was accepted."""
    from counterfoil.apps.acts.calls import ActAccepted

    wrong = [outcome for outcome in outcomes if not isinstance(outcome, ActAccepted)]
    if wrong:
        raise SystemExit(f"{len(wrong)} acts were not accepted, the first: {wrong[0]}")


def calls_of(
    act: str, requests: Sequence[tuple[UUID, Any]], on: date, effective: date | None = None
) -> list[Any]:
    """One call for each (subject, request)."""
    from counterfoil.apps.acts.calls import ActCall
    from tests.builders.insurer import morning

    received = morning(on)
    return [
        ActCall(
            act=act, subject_id=subject, request=request, key=uuid4().hex, effective_date=effective or on,
            received_at=received, channel="import",
        )
        for subject, request in requests
    ]  # fmt: skip


def in_chunks(calls: Sequence[Any], actor: UUID, size: int = 500) -> None:
    """Seal and perform in chunks as the batch role."""
    from django.db import transaction

    from counterfoil.apps.acts.intake import seal_calls
    from counterfoil.apps.acts.perform import perform
    from counterfoil.apps.acts.sql import raw_connection

    gc.freeze()  # as an import does
    for start_at in range(0, len(calls), size):
        with transaction.atomic(using="batch"):
            sealed = seal_calls(
                raw_connection("batch").cursor(binary=True), calls[start_at : start_at + size]
            )
        accepted_outcomes(perform(sealed, actor, using="batch"))


def in_processes(calls: Sequence[Any], actor: UUID, number: int) -> None:
    """The same in so many processes, each with an equal part of the calls."""
    from django.db import connections

    connections.close_all()  # a connection that two processes hold is broken
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=in_chunks, args=(calls[n::number], actor)) for n in range(number)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a process that issues policies failed")


def paid_applications(actor: UUID, number: int) -> tuple[list[UUID], list[UUID]]:
    """That many applications, accepted and with the premium in suspense, each on a life of its own; and their lives."""
    from counterfoil.apps.catalogue.queries import product_on_sale
    from counterfoil.core.kernel.identifiers import PaperKind, Sex
    from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
    from counterfoil.core.newbusiness.decide_application import DecideApplication
    from counterfoil.core.newbusiness.submit_application import SubmitApplication
    from counterfoil.core.parties.record_health_notice import PlainRecordHealthNotice
    from counterfoil.core.parties.register_party import PlainPaper, PlainRegisterParty
    from counterfoil.core.parties.values import PartyKind
    from counterfoil.core.policy.designation import Designation
    from counterfoil.core.policy.money_in import PaymentMethod
    from counterfoil.core.product.definition import PayMode, SaleChannel
    from tests.builders import lives

    product = product_on_sale("611005")
    assert product is not None
    no = {question.id: "no" for question in product.terms.disclosure.questions}
    people = [uuid4() for _ in range(number)]
    born = [date(1980 + n % 10, 1 + n // 10 % 4, 1 + n // 40 % 28) for n in range(number)]
    registered = []
    for n, (person, day) in enumerate(zip(people, born, strict=True)):
        paper = PlainPaper(PaperKind.RESIDENT_ID, lives.resident_id(day, "M", n // 1120))
        plain = PlainRegisterParty(
            kind=PartyKind.PERSON, name=f"赵{chr(0x4E00 + n % 5000)}", sex=Sex.MALE, birth_date=day,
            occupation_code="2020101", occupation_class=1, papers=(paper,),
        )  # fmt: skip
        registered.append((person, plain))
    in_chunks(calls_of("register_party", registered, TODAY), actor)
    notices = [uuid4() for _ in people]
    told = [
        (p, PlainRecordHealthNotice(
            notice_id=n, product_code="611005", answers=no, signed_on=TODAY, consents_to_health_data=True))
        for p, n in zip(people, notices, strict=True)
    ]  # fmt: skip
    in_chunks(calls_of("record_health_notice", told, TODAY), actor)
    policies = [uuid4() for _ in people]
    heir = people[0]
    asked = []
    for n, (policy, person, notice) in enumerate(zip(policies, people, notices, strict=True)):
        named = Designation(heir if n else people[2], 1, "spouse", Decimal("100.00"))
        asked.append((policy, SubmitApplication(
            application_number=f"B{n:09d}", product_code="611005", policyholder_id=person, insured_id=person,
            relation="self", sum_assured=Decimal("100000"), term_years=10, pay_mode=PayMode.ANNUAL, pay_years=10,
            beneficiaries=(named,), health_notice_id=notice, applied_on=TODAY, sales_channel=SaleChannel.COUNTER,
            exclusions_acknowledged=True, insured_consents=True, policyholder_signed=True, insured_signed=True,
        )))  # fmt: skip
    in_chunks(calls_of("submit_application", asked, TODAY), actor)
    in_chunks(calls_of("decide_application", [(p, DecideApplication()) for p in policies], TODAY), actor)
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT policy_id, premium FROM policy_coverage WHERE superseded_seq IS NULL")
        premium = dict(cursor.fetchall())
    paid = [(p, CollectFirstPremium(premium[p], PaymentMethod.TRANSFER, TODAY)) for p in policies]
    in_chunks(calls_of("collect_first_premium", paid, TODAY), actor)
    return policies, people
