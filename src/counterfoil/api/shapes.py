"""The shapes of bodies and answers, and their JSON schemas, made from the acts' own requests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from counterfoil.api.problems import Problem
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Keep
from counterfoil.core.policy.state import SLICES
from counterfoil.core.register import ASKED_FOR

REF = "#/components/schemas/{name}"
AMOUNT_PATTERN = r"^-?[0-9]{1,16}(\.[0-9]{1,6})?$"


class Paper(Struct, frozen=True):
    """A document that the act brought into being."""

    kind: str
    number: str


class Recorded(Struct, frozen=True):
    """The act is recorded. ``repeated``: by an earlier request with the same key. Figures in yuan, as text."""

    act: str
    subject_id: UUID
    seq: int
    repeated: bool
    figures: dict[str, Decimal]
    documents: list[Paper]


class Referred(Struct, frozen=True):
    """The act is above the client's authority; nothing is recorded until somebody approves the case."""

    act: str
    subject_id: UUID
    referral_number: str
    waiting_position: str
    waiting_unit_id: str
    repeated: bool


class NumberFound(Struct, frozen=True):
    """A policy by a number printed on paper; ``kind`` says which number it is."""

    kind: str
    number: str
    policy_id: UUID


class Quote(Struct, frozen=True):
    """What a plan costs a life on a day: one instalment, yuan."""

    product_code: str
    product_version: int
    issue_age: int
    sum_assured: Decimal
    term_years: int
    pay_mode: str
    pay_years: int
    premium: Decimal


class MaskedValue(Struct, frozen=True):
    """A personal value as shown without a recorded reason."""

    field: str
    masked: str
    note: str
    valid_from: date | None
    valid_until: date | None


class Customer(Struct, frozen=True):
    """A customer; every number and contact masked."""

    party_id: UUID
    kind: str
    name: str
    seq: int
    unit_id: str
    sex: str
    birth_date: date | None
    nationality: str
    occupation_code: str
    occupation_class: int
    died_on: date | None
    papers: list[MaskedValue]
    contacts: list[MaskedValue]
    accounts: list[MaskedValue]
    health_notices: list[MaskedValue]


def _version_of(name: str, value: type) -> type[Struct]:
    return msgspec.defstruct(
        "".join(part.title() for part in name.split("_")) + "Version",
        [
            ("part", str),
            ("valid_from", date | None),
            ("valid_until", date | None),
            ("seq", int),
            ("value", value),
        ],
        frozen=True,
    )


VERSIONS: Mapping[str, type[Struct]] = {name: _version_of(name, value) for name, value in SLICES.items()}
PolicyView = msgspec.defstruct(
    "Policy",
    [
        ("policy_id", UUID),
        ("seq", int),
        ("unit_id", str),
        ("application_number", str),
        ("policy_number", str),
        ("standing", str),
        ("end_reason", str),
        ("lapse_date", date | None),
        ("waiting_case", str | None),
        ("names", dict[str, str]),
        *((name, list[version]) for name, version in VERSIONS.items()),  # type: ignore[valid-type]
    ],
    frozen=True,
)


class LaterAct(Struct, frozen=True):
    """What is to become of a later act that the act touches: see the conflicts of a refusal."""

    seq: Annotated[int, Meta(ge=1)]
    keep: Keep


@cache
def body_of(name: str) -> type[Struct]:
    """The body of a request for the act of this name."""
    act = ASKED_FOR[name]
    title = "".join(part.title() for part in name.split("_"))
    fields: list[Any] = [] if act.creates else [("subject_id", UUID)]
    fields += [
        ("effective_date", Annotated[date, Meta(description="Day from which the act takes effect")]),
        ("request", act.plain or act.request),
        (
            "received_at",
            Annotated[datetime, Meta(description="Time of receipt; by default now", tz=True)] | None,
            None,
        ),
        ("based_on_seq", Annotated[int, Meta(ge=0)] | None, None),
        ("opinion", Annotated[str, Meta(max_length=500)], ""),
    ]
    if act.subject is Subject.POLICY and not act.before_contract:
        fields += [
            (
                "reason",
                Annotated[
                    str, Meta(max_length=200, description="Why it counts from a day before its receipt")
                ],
                "",
            ),
            ("choices", Annotated[tuple[LaterAct, ...], Meta(max_length=100)], ()),
        ]
    return msgspec.defstruct(f"{title}Call", fields, frozen=True, kw_only=True)


def request_of(act: Act) -> type[Struct]:
    """The request as it is typed."""
    return act.plain or act.request


ANSWERS: tuple[Any, ...] = (Recorded, Referred, Problem, NumberFound, Quote, Customer, PolicyView)


def components() -> dict[str, Any]:
    """JSON schemas by name of all bodies and answers. Objects have no fields beyond theirs; amounts are plain text."""
    _, answers = msgspec.json.schema_components(ANSWERS, ref_template=REF)
    _, bodies = msgspec.json.schema_components([body_of(name) for name in ASKED_FOR], ref_template=REF)
    for schemas in (answers, bodies):
        _make_exact(schemas)
    differ = [name for name in answers.keys() & bodies.keys() if answers[name] != bodies[name]]
    assert not differ, f"one name, two shapes: {differ}"
    return answers | bodies


def schemas_of(structs: Iterable[type[Struct]]) -> dict[str, Any]:
    """JSON schemas by name of further bodies and answers, exact as the acts' own."""
    _, schemas = msgspec.json.schema_components(list(structs), ref_template=REF)
    _make_exact(schemas)
    return schemas


def _make_exact(schema: Any) -> None:
    """What msgspec's schema leaves open and ``bodies`` does not take: unknown fields, decimals with an exponent."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            schema["pattern"] = AMOUNT_PATTERN
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            _make_exact(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _make_exact(inner)


def ref(shape: Any) -> dict[str, str]:
    """A reference to the schema of a Struct."""
    return {"$ref": REF.format(name=shape.__name__)}


def content(schema: Mapping[str, Any], kind: str = "application/json") -> dict[str, Any]:
    """A body with a schema."""
    return {"content": {kind: {"schema": dict(schema)}}}


def responses(shape: Any, statuses: Iterable[int], *, many: bool = False) -> dict[int, Any]:
    """The 200 answer, and problems for the other statuses."""
    schema: dict[str, Any] = {"type": "array", "items": ref(shape)} if many else ref(shape)
    answers: dict[int, Any] = {200: {"description": "OK", **content(schema)}}
    for status in statuses:
        answers[status] = {"description": "Problem", **content(ref(Problem), "application/problem+json")}
    return answers
