"""The file of clock rules: what ships holds together; what is wrong is told with file, line and key, all at once."""

from pathlib import Path

import pytest

from counterfoil.core.kernel.parameters import Certainty, Parameters
from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.work.clock_rules import Bound, ClockRules, Level, PauseCause, load_rules

PROJECT = Path(__file__).resolve().parents[3]
PARAMETERS = Parameters.load(PROJECT / "parameters")
SHIPPED = load_rules(PROJECT / "processes", PARAMETERS)

GOOD = """\
- id: servicing.accept
  title: {zh: 保全受理, en: Acceptance}
  level: law
  counting: working_days
  parameter: servicing.accept
  starts: papers_complete
  stops: accepted
  warn: 1
  source: test
- id: counter.waiting
  title: {zh: 柜面等候, en: Waiting}
  level: company
  counting: minutes
  parameter: counter.waiting
  starts: ticket_taken
  stops: service_begun
  warn: 10
  source: test
"""


def loaded(folder: Path, text: str) -> ClockRules:
    (folder / "clocks.yaml").write_text(text, encoding="utf-8")
    return load_rules(folder, PARAMETERS)


def faults(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(StrictFileErrors) as refused:
        loaded(folder, text)
    assert {error.file for error in refused.value.errors} == {str(folder / "clocks.yaml")}
    return [(error.line, error.key, error.message) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("rule_id", "length"),
    [
        ("servicing.accept", "2 working_days"),
        ("servicing.incomplete_notice", "5 working_days"),
        ("servicing.change_without_premium", "5 working_days"),
        ("servicing.change_with_premium", "5 working_days"),
        ("servicing.lapse_notice", "10 working_days"),
        ("servicing.surrender_payout", "30 days"),
        ("claims.decide_simple", "5 working_days"),
        ("claims.decide_complex", "30 days"),
        ("claims.denial_letter", "3 days"),
        ("claims.payment", "10 days"),
        ("claims.provisional_payment", "60 days"),
        ("complaints.decide_simple", "15 days"),
        ("complaints.decide_complex", "30 days"),
        ("complaints.review_application", "30 days"),
        ("complaints.review", "30 days"),
        ("complaints.claims_centre", "1 hours"),
        ("counter.waiting", "30 minutes"),
        ("counter.motor_issue", "15 minutes"),
    ],
)
def test_the_shipped_time_limits_have_the_lengths_of_law_and_company(rule_id: str, length: str) -> None:
    rule = SHIPPED[rule_id]
    assert rule.parameter is not None
    (value, *_older) = PARAMETERS.history(rule.parameter)
    assert f"{value.number} {value.unit}" == length
    assert (value.certainty is Certainty.COMPANY) == (rule.level is Level.COMPANY)


def test_only_the_complex_complaint_can_be_extended_and_only_complaints_restart() -> None:
    assert [rule.id for rule in SHIPPED if rule.extension] == ["complaints.decide_complex"]
    assert [rule.id for rule in SHIPPED if rule.restarts] == [
        "complaints.decide_simple",
        "complaints.decide_complex",
    ]


def test_only_the_complainants_own_time_limit_binds_the_customer() -> None:
    assert [rule.id for rule in SHIPPED if rule.binds is Bound.CUSTOMER] == ["complaints.review_application"]


def test_each_shipped_clock_stands_still_for_the_causes_that_its_source_names_and_no_others() -> None:
    assert {rule.id: set(rule.pauses) for rule in SHIPPED if rule.pauses} == {
        "servicing.change_with_premium": {PauseCause.EXAMINATION},
        "claims.decide_simple": {PauseCause.SUPPLEMENT},
        "claims.decide_complex": {PauseCause.SUPPLEMENT},
        "complaints.decide_simple": {PauseCause.APPRAISAL, PauseCause.MEDIATION},
        "complaints.decide_complex": {PauseCause.APPRAISAL, PauseCause.MEDIATION},
        "counter.motor_issue": {PauseCause.CUSTOMER_WISH},
    }


def test_rules_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    rules = loaded(tmp_path, GOOD)
    assert [rule.id for rule in rules] == ["servicing.accept", "counter.waiting"]
    assert "servicing.accept" in rules
    assert len(rules) == 2


def test_wrong_level_cause_event_and_parameter_are_all_told_with_their_lines(tmp_path: Path) -> None:
    text = (
        GOOD.replace("level: law", "level: lawful")
        .replace("starts: papers_complete", "starts: paper_complete\n  pauses: [holiday]")
        .replace("parameter: counter.waiting", "parameter: counter.wait")
    )
    found = faults(tmp_path, text)
    assert [(line, key) for line, key, _message in found] == [
        (3, "[0].level"),
        (6, "[0].starts"),
        (7, "[0].pauses[0]"),
        (15, "[1].parameter"),
    ]
    assert "did you mean 'law'" in found[0][2]
    assert "did you mean 'papers_complete'" in found[1][2]
    assert "customer_wish" in found[2][2]
    assert "did you mean 'counter.waiting'" in found[3][2]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ("id: counter.waiting", "id: servicing.accept", 10, "[1].id", "there twice"),
        (
            "parameter: servicing.accept",
            "parameter: servicing.surrender_payout",
            5,
            "[0].parameter",
            "is in days",
        ),
        ("level: company", "level: law", 14, "[1].parameter", "decided by the company"),
        ("warn: 1\n", "warn: 2\n", 8, "[0].warn", "not longer"),
        ("warn: 10\n", "warn: 30\n", 17, "[1].warn", "not longer"),
        (
            "source: test\n-",
            "source: test\n  extension: complaints.extension\n-",
            10,
            "[0].extension",
            "is in days",
        ),
        (
            "source: test\n-",
            "source: test\n  extension: no.such\n-",
            10,
            "[0].extension",
            "no parameter 'no.such'",
        ),
    ],
)
def test_a_rule_that_does_not_fit_its_parameter_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, key: str, message: str
) -> None:
    ((found_line, found_key, found_message),) = faults(tmp_path, GOOD.replace(old, new, 1))
    assert (found_line, found_key) == (line, key)
    assert message in found_message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  parameter: servicing.accept\n", "", "needs the parameter"),
        ("counting: minutes", "counting: promised", "has no parameter"),
        ("level: company", "level: unit", "units are named"),
        ("warn: 1\n", "warn: 1\n  units: ['320100']\n", "units are named"),
        ("warn: 1\n", "warn: 1\n  pauses: [supplement, supplement]\n", "there twice"),
        (
            "counting: minutes\n  parameter: counter.waiting",
            "counting: promised\n  restarts: true",
            "is not paused",
        ),
        ("warn: 1\n", "warn: -1\n", "whole number >= 0"),
        ("id: servicing.accept", "id: Accept", "expected text like"),
        ("warn: 1\n", "warn: 1\n  stop: accepted\n", "unknown key"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    ((_line, _key, found),) = faults(tmp_path, GOOD.replace(old, new, 1))
    assert message in found


def test_a_promise_of_single_units_stands_beside_those_of_law_and_company(tmp_path: Path) -> None:
    text = GOOD.replace("level: company", "level: unit\n  units: ['320100', '320111']")
    rule = loaded(tmp_path, text)["counter.waiting"]
    assert rule.level is Level.UNIT
    assert rule.units == ("320100", "320111")
