"""Papers of a case: what comes in stays, sealed on disk; pages are arranged, replaced and removed, never deleted."""

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import work
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.apps.organisation.queries import current_actor
from counterfoil.apps.papers import operations
from counterfoil.apps.papers.keeping import Added, Target, UnableToFile
from counterfoil.apps.papers.models import PaperKey, PaperPage, PaperScan
from counterfoil.apps.papers.operations import CaseNotSeen
from counterfoil.apps.papers.queries import (
    CasePapers,
    PageContent,
    may_see_case,
    page_content,
    papers_of_case,
)
from counterfoil.apps.parties.sealing import Unreadable
from counterfoil.core.work.case import Person, Role
from counterfoil.core.work.papers import Hint, Shown, Standing
from counterfoil.core.work.verbs import AddPerson
from tests.apps.papers import paper_files as made
from tests.builders.cases import opened_case
from tests.builders.insurer import SET_UP, SINCE, Cast, set_up_insurer
from tests.postgres.databases import TestDatabase

TODAY = date(2026, 11, 20)


@pytest.fixture
def cast(database: TestDatabase) -> Cast:
    return set_up_insurer()


def _add(who: UUID, case_id: UUID, seed: int = 1, **target: object) -> Added:
    wanted = Target(**({"type": "resident_id"} | target))  # type: ignore[arg-type]
    return operations.add_page(who, case_id, wanted, made.jpeg(made.form(seed)), "file")


def _read(who: UUID, case_id: UUID) -> CasePapers | None:
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = current_actor(cursor, who, TODAY)
        if may_see_case(cursor, actor, case_id) is None:
            return None
        return papers_of_case(cursor, actor, case_id)


def _seen(who: UUID, case_id: UUID) -> CasePapers:
    found = _read(who, case_id)
    assert found is not None
    return found


def _content(who: UUID, case_id: UUID, page_id: UUID, *, small: bool = False) -> PageContent | None:
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = current_actor(cursor, who, TODAY)
        return page_content(cursor, actor, case_id, page_id, small=small)


def _order(who: UUID, case_id: UUID) -> list[UUID]:
    return [page.page_id for page in _seen(who, case_id).papers[0].pages]


def _refusal(error: pytest.ExceptionInfo[UnableToFile]) -> str:
    return error.value.violations[0].code


def test_pages_of_a_type_follow_each_other_and_another_one_is_asked_for(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    first, second = _add(cast.clerk, case, 1), _add(cast.clerk, case, 2)
    other = _add(cast.clerk, case, 3, another=True)
    assert first.paper_id == second.paper_id != other.paper_id
    found = _seen(cast.clerk, case)
    assert [len(paper.pages) for paper in found.papers] == [2, 1]
    assert [line.standing for line in found.checklist.lines] == [Standing.GOOD, Standing.INCOMPLETE]
    page = found.papers[0].pages[0]
    assert (page.width, page.height, page.way, page.added_by) == (1600, 1100, "file", cast.clerk)


def test_what_lies_on_disk_is_sealed_and_has_no_name_of_anybody(cast: Cast, papers_folder: Path) -> None:
    case = opened_case(cast.clerk)
    added = _add(cast.clerk, case)
    files = [path for path in papers_folder.rglob("*") if path.is_file()]
    assert len(files) == 2  # the page and its small picture
    for path in files:
        assert len(path.name) == 64
        assert path.stat().st_mode & 0o077 == 0
        assert b"JFIF" not in path.read_bytes()
    content = _content(cast.clerk, case, added.page_id)
    assert content is not None
    assert content.content.startswith(b"\xff\xd8\xff")
    scan = PaperScan.objects.get()
    assert bytes(scan.received_hash) != bytes(scan.content_hash)


def test_a_changed_file_is_not_shown(cast: Cast, papers_folder: Path) -> None:
    case = opened_case(cast.clerk)
    added = _add(cast.clerk, case)
    for path in papers_folder.rglob("*"):
        if path.is_file():
            sealed = bytearray(path.read_bytes())
            sealed[-1] ^= 1
            path.write_bytes(sealed)
    with pytest.raises(Unreadable):
        _content(cast.clerk, case, added.page_id)


def test_a_file_of_another_case_in_its_place_is_not_shown(cast: Cast, papers_folder: Path) -> None:
    one, two = opened_case(cast.clerk), opened_case(cast.clerk)
    _add(cast.clerk, one)
    mine = {path for path in papers_folder.rglob("*") if path.is_file()}
    added = _add(cast.clerk, two)
    theirs = {path for path in papers_folder.rglob("*") if path.is_file()} - mine
    for path, other in zip(sorted(theirs), sorted(mine), strict=True):
        path.write_bytes(other.read_bytes())
    with pytest.raises(Unreadable):
        _content(cast.clerk, two, added.page_id)


def test_without_its_key_a_case_cannot_be_read_any_more(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    added = _add(cast.clerk, case)
    PaperKey.objects.filter(case_id=case).delete()
    assert _content(cast.clerk, case, added.page_id) is None


def test_the_same_page_twice_is_refused_and_changes_nothing(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    _add(cast.clerk, case)
    before = _seen(cast.clerk, case).stamp
    with pytest.raises(UnableToFile) as refused:
        _add(cast.clerk, case)
    assert _refusal(refused) == "paper_page_twice"
    assert _seen(cast.clerk, case).stamp == before


def test_pages_are_turned_moved_and_put_in_order(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    a, b, c = (_add(cast.clerk, case, seed).page_id for seed in (1, 2, 3))
    paper = _seen(cast.clerk, case).papers[0].paper_id
    operations.turn_page(cast.clerk, case, a, 90)
    operations.turn_page(cast.clerk, case, a, 90)
    operations.turn_page(cast.clerk, case, b, -90)
    assert [page.turn for page in _seen(cast.clerk, case).papers[0].pages] == [180, 270, 0]
    operations.move_page(cast.clerk, case, c, -1)
    assert _order(cast.clerk, case) == [a, c, b]
    operations.move_page(cast.clerk, case, a, -1)
    assert _order(cast.clerk, case) == [a, c, b]
    operations.order_pages(cast.clerk, case, paper, [b, a, c])
    assert _order(cast.clerk, case) == [b, a, c]


def test_an_order_of_pages_that_are_not_the_present_ones_is_refused(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    a, b = _add(cast.clerk, case, 1).page_id, _add(cast.clerk, case, 2).page_id
    paper = _seen(cast.clerk, case).papers[0].paper_id
    for wrong in ([a], [a, a], [a, uuid4()]):
        with pytest.raises(UnableToFile) as refused:
            operations.order_pages(cast.clerk, case, paper, wrong)
        assert _refusal(refused) == "papers_changed"
    assert _order(cast.clerk, case) == [a, b]


def test_a_replaced_page_gives_its_place_and_stays_in_the_file(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    a, b = _add(cast.clerk, case, 1).page_id, _add(cast.clerk, case, 2).page_id
    new = _add(cast.clerk, case, 3, type="", replaces=a)
    assert _order(cast.clerk, case) == [new.page_id, b]
    old = PaperPage.objects.get(page_id=a)
    assert (old.superseded_why, old.superseded_by, old.replaced_by) == ("replaced", cast.clerk, new.page_id)
    assert _seen(cast.clerk, case).superseded == 1
    assert _content(cast.clerk, case, a) is not None


def test_a_removed_page_is_out_of_the_paper_and_may_come_in_again(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    a = _add(cast.clerk, case).page_id
    operations.remove_page(cast.clerk, case, a)
    assert _seen(cast.clerk, case).papers == ()
    with pytest.raises(UnableToFile) as refused:
        operations.turn_page(cast.clerk, case, a, 90)
    assert _refusal(refused) == "paper_page_gone"
    _add(cast.clerk, case)
    assert _seen(cast.clerk, case).pages == 1


def test_who_changed_what_is_kept_before_and_after(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    added = _add(cast.clerk, case)
    operations.say_shown(cast.clerk, case, added.paper_id, Shown.ORIGINAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor, before->>'shown', after->>'shown' FROM audit_image"
            " WHERE table_name = 'paper' AND before IS NOT NULL"
        )
        assert cursor.fetchall() == [(str(cast.clerk), "", "original")]


def test_what_came_in_can_neither_be_changed_nor_deleted(cast: Cast) -> None:
    _add(cast.clerk, opened_case(cast.clerk))
    for sql in ("UPDATE paper_scan SET width = 1", "DELETE FROM paper_scan", "DELETE FROM paper_page"):
        with pytest.raises(Exception, match=r"guard|permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql)


def test_a_person_says_original_unreadable_and_type(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    paper = _add(cast.clerk, case).paper_id
    operations.say_shown(cast.clerk, case, paper, Shown.COPY)
    operations.say_unreadable(cast.clerk, case, paper, True)
    operations.change_type(cast.clerk, case, paper, "proxy")
    found = _seen(cast.clerk, case)
    assert (found.papers[0].shown, found.papers[0].unreadable, found.papers[0].type) == (
        Shown.COPY,
        True,
        "proxy",
    )
    assert found.checklist.lines[0].standing is Standing.UNREADABLE


def test_a_blurred_page_is_taken_with_its_hint(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    added = operations.add_page(cast.clerk, case, Target(type="proxy"), made.blurred(), "camera")
    assert added.hints == (Hint.BLURRED,)
    assert _seen(cast.clerk, case).checklist.lines[0].standing is Standing.DOUBTFUL


def test_an_unknown_type_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    with pytest.raises(UnableToFile) as refused:
        _add(cast.clerk, case, type="")
    assert _refusal(refused) == "paper_type_unknown"
    assert not PaperScan.objects.filter(case_id=case).exists()


def test_a_paper_or_page_of_another_case_is_not_reached(cast: Cast) -> None:
    mine, other = opened_case(cast.clerk), opened_case(cast.clerk)
    added = _add(cast.clerk, mine)
    _add(cast.clerk, other)
    for target in ({"paper_id": added.paper_id}, {"replaces": added.page_id}):
        with pytest.raises(UnableToFile):
            _add(cast.clerk, other, 2, **target)
    with pytest.raises(UnableToFile):
        operations.remove_page(cast.clerk, other, added.page_id)
    assert _content(cast.clerk, other, added.page_id) is None


def test_a_case_of_another_unit_is_not_there(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    added = _add(cast.clerk, case)
    stranger = cast.stranger
    assert _read(stranger, case) is None
    with pytest.raises(CaseNotSeen):
        _add(stranger, case, 2)
    with pytest.raises(CaseNotSeen):
        operations.remove_page(stranger, case, added.page_id)
    assert _content(stranger, case, added.page_id) is None
    assert _seen(cast.clerk, case).pages == 1


def test_what_the_unit_above_adds_belongs_to_the_units_case(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    _add(cast.clerk, case, 1)
    _add(cast.city_supervisor, case, 2)
    assert _seen(cast.clerk, case).pages == 2


def _counter_only() -> UUID:
    """Somebody at the counter of the clerk's unit with no position beside it."""
    employee = hire("lu.tao", "陆涛", "86320101", None, SET_UP, employee_id=uuid4())
    assign_position(employee.employee_id, "outer_counter", SINCE, None, SET_UP)
    return employee.employee_id


def test_medical_papers_are_hidden_but_from_claims_with_a_reason_of_today(cast: Cast) -> None:
    counter = _counter_only()
    case = opened_case(cast.clerk)
    page = _add(counter, case, type="medical_record").page_id
    found = _seen(counter, case)
    assert [(paper.hidden, len(paper.pages)) for paper in found.papers] == [(True, 1)]
    assert _content(counter, case, page) is None
    with pytest.raises(UnableToFile):
        operations.open_medical_papers(counter, case, "好奇")
    assessor = cast.city_supervisor
    assert _content(assessor, case, page) is None
    with pytest.raises(UnableToFile) as refused:
        operations.open_medical_papers(assessor, case, " ")
    assert _refusal(refused) == "paper_reason_missing"
    operations.open_medical_papers(assessor, case, "核对既往症")
    assert _content(assessor, case, page) is not None
    assert _content(counter, case, page) is None


def test_who_does_not_see_a_medical_paper_cannot_make_it_another(cast: Cast) -> None:
    counter = _counter_only()
    case = opened_case(cast.clerk)
    paper = _add(counter, case, type="medical_record").paper_id
    with pytest.raises(UnableToFile) as refused:
        operations.change_type(counter, case, paper, "other")
    assert _refusal(refused) == "paper_hidden"


def test_reading_takes_as_many_statements_for_many_pages_as_for_one(cast: Cast) -> None:
    from tests.web.statements import counted

    case = opened_case(cast.clerk)
    _add(cast.clerk, case, 1)
    _seen(cast.clerk, case)
    with counted() as few:
        _seen(cast.clerk, case)
    for seed in range(2, 6):
        _add(cast.clerk, case, seed, another=True)
    with counted() as many:
        _seen(cast.clerk, case)
    assert len(many) == len(few) == 5


def test_keys_move_to_another_master_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    case = opened_case(cast.clerk)
    page = _add(cast.clerk, case).page_id
    keys = {"personal-2": b"2" * 32}
    old = settings.SECRET_OF
    monkeypatch.setattr(settings, "SECRET_OF", lambda name: keys.get(name) or old(name))
    monkeypatch.setattr(settings, "PERSONAL_KEY", "personal-2", raising=False)
    assert operations.rewrap_paper_keys("personal-2", using="default") == 1
    assert operations.rewrap_paper_keys("personal-2", using="default") == 0
    assert PaperKey.objects.get(case_id=case).master_key_id == "personal-2"
    assert _content(cast.clerk, case, page) is not None


def test_a_case_that_is_not_there_takes_no_paper(cast: Cast) -> None:
    with pytest.raises(CaseNotSeen):
        _add(cast.clerk, uuid4())


def test_who_a_case_is_about_does_not_see_its_papers(cast: Cast) -> None:
    case = opened_case(cast.clerk)
    _add(cast.clerk, case)
    concerned = Person(role=Role.STAFF_CONCERNED, name="徐岚", employee_id=cast.handler)
    work(case, AddPerson(concerned), cast.clerk, seen=1, key="concerned")
    assert _read(cast.clerk, case) is not None
    assert _read(cast.handler, case) is None
