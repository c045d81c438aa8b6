"""Four eyes and authority tried by every road: none passes, and nothing is recorded but the attempt.

Each attempt is made in a database of its own, by commits; before and after it every business table is counted.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from counterfoil.apps.acts.authority import Approval
from counterfoil.apps.acts.calls import ActReferred
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.apps.catalogue.operations import submit_version
from counterfoil.apps.journal.ports import ports
from counterfoil.apps.organisation.absence import delegate
from counterfoil.apps.organisation.acting import legal_today
from counterfoil.apps.organisation.api_clients import new_api_client
from counterfoil.apps.organisation.models import AuthorityGrant, Employee
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.apps.organisation.persons import add_relative, set_identity
from counterfoil.apps.organisation.writing import UnableToOrganise
from counterfoil.apps.work.operations import NotTheApprover, ReferralNotOpen, approve, decline
from counterfoil.batch.importing.applications import import_applications
from counterfoil.commands import import_file, product_approval
from tests.batch.application_files import good_rows, write_rows
from tests.builders import lives
from tests.builders.insurer import PROJECT, SET_UP, SINCE, morning
from tests.journeys.clock import SetClock
from tests.proofs.scenes import Scene, codes, once
from tests.web.office import signed_in

DAY = timedelta(days=1)
COUNTED = (
    "act",
    "entry",
    "document",
    "outbox",
    "policy",
    "policy_payment",
    "policy_status",
    "policy_beneficiary",
    "party_account",
)


def rows(sql: str, *about: object) -> list[Any]:
    """Rows as the batch role sees them."""
    with connections["batch"].cursor() as cursor:
        cursor.execute(sql, about)
        return list(cursor.fetchall())


def business() -> dict[str, Any]:
    """How many rows every business table has, and where referrals and grants stand."""
    found: dict[str, Any] = {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}
    found["referrals"] = rows("SELECT number, state FROM work_referral ORDER BY number")
    found["grants"] = rows(
        "SELECT grant_id, amount_limit, valid_until FROM organisation_grant ORDER BY grant_id"
    )
    return found


@contextmanager
def nothing_passes(attempts: int) -> Iterator[None]:
    """What happens inside leaves so many attempts, and nothing else."""
    before, tried = business(), rows("SELECT count(*) FROM attempt")[0][0]
    yield
    assert business() == before
    assert rows("SELECT count(*) FROM attempt")[0][0] == tried + attempts


def last_reasons() -> set[str]:
    """The reasons of the last attempt."""
    kept = rows("SELECT reasons FROM attempt ORDER BY attempt_id DESC LIMIT 1")[0][0]
    return {reason["code"] for reason in (json.loads(kept) if isinstance(kept, str) else kept)}


@pytest.fixture
def waiting(large: Scene) -> tuple[Scene, UUID]:
    """A surrender above the clerk's authority waits for the city."""
    assert isinstance(once(large.surrender(key="k1"), large.cast.clerk), ActReferred)
    return large, rows("SELECT referral_id FROM work_referral")[0][0]


def hired(name: str, unit: str, *positions: str) -> UUID:
    """Somebody more."""
    who = hire(name, "同事", unit, None, SET_UP).employee_id
    for position in positions:
        assign_position(who, position, SINCE, None, SET_UP)
    return who


# -- the own referral


def test_the_screen_lets_nobody_approve_his_own(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    assign_position(scene.cast.clerk, "supervisor", SINCE, None, SET_UP)
    browser = signed_in(scene.cast.clerk)
    with nothing_passes(0):
        for answer in ("approve", "decline"):
            told = browser.post(f"/approvals/{referral}/", {"answer": answer, "opinion": "同意"})
            assert told.status_code == 422
            assert "须由其他员工" in told.content.decode()


def test_a_forged_approval_of_the_own_referral_is_an_attempt(waiting: tuple[Scene, UUID]) -> None:
    scene, _ = waiting
    clerk = scene.cast.clerk
    assign_position(clerk, "supervisor", SINCE, None, SET_UP)
    number, shown, serial = rows("SELECT number, decision_hash, call ->> 'serial' FROM work_referral")[0]
    with nothing_passes(1):
        own = Approval(number, clerk, clerk, "同意", shown, serial)
        (outcome,) = perform([scene.surrender(key="k1")], clerk, approval=own)
        assert codes(outcome) == {"approver_is_maker"}
    with nothing_passes(1):  # made out to somebody else as maker
        other = Approval(number, scene.cast.handler, clerk, "同意", shown, serial)
        (outcome,) = perform([scene.surrender(key="k1")], clerk, approval=other)
        assert codes(outcome) == {"case_not_open"}
    with nothing_passes(1):  # of a referral that there is not
        none = Approval("A8632010100000000", scene.cast.handler, clerk, "同意", shown, serial)
        (outcome,) = perform([scene.surrender(key="k2")], clerk, approval=none)
        assert codes(outcome) == {"case_not_open"}


def test_a_replayed_key_approves_nothing(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    with nothing_passes(0):
        again = once(scene.surrender(key="k1"), scene.cast.clerk)
        assert isinstance(again, ActReferred)
        assert again.repeated
    decline(referral, scene.cast.city_supervisor, "不同意")
    with nothing_passes(0), pytest.raises(ReferralNotOpen):
        approve(referral, scene.cast.city_supervisor, "同意")
    number, shown, serial = rows("SELECT number, decision_hash, call ->> 'serial' FROM work_referral")[0]
    with nothing_passes(1):
        late = Approval(number, scene.cast.clerk, scene.cast.city_supervisor, "同意", shown, serial)
        (outcome,) = perform([scene.surrender(key="k1")], scene.cast.city_supervisor, approval=late)
        assert codes(outcome) == {"case_not_open"}


# -- the second account


def test_a_second_account_is_not_made(waiting: tuple[Scene, UUID]) -> None:
    scene, _ = waiting
    number = lives.resident_id(date(1990, 5, 5))
    set_identity(scene.cast.clerk, number, SET_UP)
    with nothing_passes(0), pytest.raises(UnableToOrganise, match="second_account"):
        hire("fang.min2", "方敏", "863201", None, SET_UP, id_number=number)


def test_who_comes_back_under_another_account_approves_nothing_by_any_road(
    waiting: tuple[Scene, UUID],
) -> None:
    scene, referral = waiting
    number = lives.resident_id(date(1990, 5, 5))
    set_identity(scene.cast.clerk, number, SET_UP)
    Employee.objects.filter(pk=scene.cast.clerk).update(is_active=False)
    again = hire("fang.min2", "方敏", "863201", None, SET_UP, id_number=number).employee_id
    assign_position(again, "supervisor", SINCE, None, SET_UP)
    with nothing_passes(0):
        with pytest.raises(NotTheApprover, match="approver_is_kin"):
            approve(referral, again, "同意")
        told = signed_in(again).post(f"/approvals/{referral}/", {"answer": "approve", "opinion": "同意"})
        assert told.status_code == 422
    about, shown, serial = rows("SELECT number, decision_hash, call ->> 'serial' FROM work_referral")[0]
    with nothing_passes(1):
        made = Approval(about, scene.cast.clerk, again, "同意", shown, serial)
        (outcome,) = perform([scene.surrender(key="k1")], again, approval=made)
        assert codes(outcome) == {"approver_is_kin"}


# -- standing in


@pytest.mark.parametrize("maker_is_absent", [True, False])
def test_who_stands_in_and_whom_he_stands_in_for_are_no_two(
    waiting: tuple[Scene, UUID], maker_is_absent: bool
) -> None:
    scene, referral = waiting
    other = hired("other", "86320101", "claims_approver", "supervisor")
    pair = (scene.cast.clerk, other) if maker_is_absent else (other, scene.cast.clerk)
    delegate(*pair, legal_today(), legal_today() + DAY, "休假", scene.cast.city_supervisor)
    with nothing_passes(0), pytest.raises(NotTheApprover, match="approver_stands_in"):
        approve(referral, other, "同意")


# -- relatives: screen, API, bulk, command, batch


def test_no_road_lets_a_relative_act(large: Scene, tmp_path: Path) -> None:
    clerk = large.cast.clerk
    add_relative(clerk, large.holder, "spouse", SINCE, None, SET_UP)
    with nothing_passes(1):  # one
        assert codes(once(large.surrender(), clerk)) == {"own_business"}
    with nothing_passes(2):  # many, for each its own
        outcomes = perform([large.surrender(), large.change()], clerk)
        assert [codes(outcome) for outcome in outcomes] == [{"own_business"}] * 2
    with nothing_passes(1):  # together: the first refused ends it
        perform([large.surrender(), large.change()], clerk, together=True)
    with nothing_passes(0):  # looking ahead leaves nothing
        (shown,) = perform([large.surrender()], clerk, preview=True)
        assert codes(shown) == {"own_business"}
    assign_position(clerk, "system_client", SINCE, None, SET_UP)
    token = new_api_client("柜员的系统", "fang.min", None, SET_UP)
    with nothing_passes(1):
        body = {
            "subject_id": str(large.policy), "effective_date": legal_today().isoformat(),
            "request": {"account_id": str(large.account), "reason": "other"},
        }  # fmt: skip
        answer = Client(raise_request_exception=False).generic(
            "POST", "/api/v1/acts/surrender", json.dumps(body).encode(), content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k9"},
        )  # fmt: skip
        assert answer.status_code in (403, 409, 422), answer.content
        assert "own_business" in answer.content.decode()
    with nothing_passes(0):  # the screen shows why and offers no confirmation
        told = signed_in(clerk).get(f"/policies/{large.policy}/acts/surrender/")
        assert told.status_code == 200


def test_an_import_and_its_command_take_no_row_of_a_relative(large: Scene, tmp_path: Path) -> None:
    handler = large.cast.handler
    lines = good_rows(2)
    path = write_rows(tmp_path / "a.csv", lines[:1])
    import_applications(path, handler, all_or_nothing=False)
    holder = rows(
        "SELECT party_id FROM policy_role WHERE part = 'policyholder' AND policy_id <> %s", large.policy
    )[0][0]
    add_relative(handler, holder, "self", SINCE, None, SET_UP)
    again = [{**lines[0], "application_number": "IM01999999"}]
    more = write_rows(tmp_path / "b.csv", again)
    before = business()
    done = import_applications(more, handler, all_or_nothing=False)
    assert (done.taken, {error.code for error in done.errors}) == (0, {"own_business"})
    assert business()["policy"] == before["policy"]
    assert import_file.run(["applications", str(more), "--as", "xu.lan"]) != 0
    assert business()["policy"] == before["policy"]


def test_a_relative_approves_nothing_and_gets_nothing_to_approve(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    add_relative(scene.cast.city_supervisor, scene.wife, "sibling", SINCE, None, SET_UP)
    with nothing_passes(1):
        assert codes(approve(referral, scene.cast.city_supervisor, "同意")) == {"own_business"}
    decline(referral, scene.cast.head_manager, "重报")
    outcome = once(scene.surrender(key="k3"), scene.cast.clerk)
    assert isinstance(outcome, ActReferred)
    assert outcome.waiting_unit_id == "86"


# -- authority that ended, or is used up


def test_an_approver_whose_grant_ended_in_between_approves_nothing(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    AuthorityGrant.objects.filter(holder="supervisor", act="*").update(valid_until=legal_today())
    with nothing_passes(1):
        assert codes(approve(referral, scene.cast.city_supervisor, "同意")) == {"no_grant", "who_could"}


def test_an_approver_whose_position_ended_in_between_approves_nothing(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    cursor = connections["default"].cursor()
    cursor.execute(
        "UPDATE organisation_position SET valid_until = %s WHERE employee_id = %s AND position = 'supervisor'",
        [legal_today(), scene.cast.city_supervisor],
    )
    cursor.execute(
        "UPDATE organisation_position SET valid_until = %s WHERE employee_id = %s AND position = 'claims_approver'",
        [legal_today(), scene.cast.city_supervisor],
    )
    with nothing_passes(0), pytest.raises(NotTheApprover, match="no_permission"):
        approve(referral, scene.cast.city_supervisor, "同意")


def test_who_stood_in_approves_nothing_when_the_absence_is_over(waiting: tuple[Scene, UUID]) -> None:
    scene, referral = waiting
    second = hired("second", "863201", "finance")
    delegate(
        scene.cast.city_supervisor,
        second,
        legal_today(),
        legal_today() + DAY,
        "休假",
        scene.cast.head_manager,
    )
    with ports(clock=SetClock(morning(legal_today() + DAY))), nothing_passes(0):
        with pytest.raises(NotTheApprover, match="no_permission"):
            approve(referral, second, "同意")


# -- the command line


def test_the_command_lets_no_maker_put_a_product_on_sale(
    large: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(PROJECT / "products" / "112013", tmp_path / "112013"))
    product = submit_version(folder, "zhao.ping")
    assert product_approval.approve(product.content_hash, "zhao.ping") == 1
    set_identity(large.cast.head_manager, lives.resident_id(date(1970, 5, 5)), SET_UP)
    add_relative(large.cast.city_supervisor, large.wife, "self", SINCE, None, SET_UP)
    add_relative(large.cast.head_manager, large.wife, "spouse", SINCE, None, SET_UP)
    assert product_approval.approve(product.content_hash, "he.qiang") == 1
    assert "approver_is_kin" in capsys.readouterr().err
    assert not ProductVersion.objects.get(content_hash=product.content_hash).on_sale
