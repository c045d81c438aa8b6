"""One act of a policy: what was asked, what it changed, what it did to other acts, its money, papers and people."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from msgspec import Struct

from counterfoil.apps.policies.as_of import ActLine, CalendarMark, gone_by, lines_of, load_points
from counterfoil.apps.policies.history import PastAct, act_of, entries_of, papers_of
from counterfoil.apps.policies.queries import PolicyFile, load_names
from counterfoil.core.policy.state import ALL_SLICES, PolicyState
from counterfoil.core.register import ACTS
from counterfoil.web.access import cursor, screen
from counterfoil.web.differences import differences, field_differences
from counterfoil.web.forms.binding import Context, flat, ids_typed
from counterfoil.web.forms.moved import request_words
from counterfoil.web.forms.starting import ON_DEATH, spoken
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import head_line, held_on
from counterfoil.web.timeline.comparing import derived_differences


class Consequences(Struct, frozen=True):
    """What an act that went in between, or left one out, did to others."""

    decided_again: tuple[ActLine, ...]
    left_out: tuple[ActLine, ...]
    came: tuple[CalendarMark, ...]
    fell_away: tuple[CalendarMark, ...]


@require_GET
@screen("read_policy")
def past_act(request: HttpRequest, policy_id: UUID, seq: int) -> HttpResponse:
    """The act with the policy's state before and after it."""
    asked = cursor()
    files = load_points(asked, policy_id, [seq, *([seq - 1] if seq > 1 else [])])
    act = act_of(asked, policy_id, seq) if files is not None else None
    if files is None or act is None:
        raise Http404
    file, lines = files[seq], lines_of(asked, policy_id)
    before = files[seq - 1] if seq > 1 else _nothing(file)
    line = next(one for one in lines if one.seq == seq)
    context = {
        "file": file,
        "act": act,
        "line": line,
        "asked": _request(act, file),
        "gone_by": gone_by(lines).get(seq, 0),
        "earlier": seq - 1 if seq > 1 else None,
        "later": seq + 1 if seq < len(lines) else None,
        "on_its_day": _on_its_day(before, file, act),
        "changes": differences(before.state.slices, file.state.slices, file.names),
        "consequences": _consequences(line, lines),
        "entries": [one for one in entries_of(asked, policy_id) if one.seq == seq],
        "papers": [one for one in papers_of(asked, policy_id) if one.seq == seq],
    }
    return page(request, "past_act.html", context)


def _nothing(file: PolicyFile) -> PolicyFile:
    """The policy before its first act."""
    slices = dict.fromkeys(ALL_SLICES, ())
    state = PolicyState(file.state.policy_id, 0, file.state.unit_id, slices)
    return PolicyFile(file.head, state, file.product, file.names)


def _on_its_day(before: PolicyFile, after: PolicyFile, act: PastAct) -> list[Any]:
    """Field, before, after: the policy on the day on which the act counts."""
    on = act.effective_date
    slices = (held_on(file.state.slices, on) for file in (before, after))
    derived = derived_differences(head_line(before, on), head_line(after, on)) if act.seq > 1 else ()
    return [*derived, *field_differences(*slices, after.names)]


def _request(act: PastAct, file: PolicyFile) -> list[tuple[str, str]]:
    """What was asked, in words; people by name, papers by the product's names."""
    known = ACTS.get(act.act)
    if known is None:
        return []
    people = ids_typed(known.request, flat(act.request)) - file.names.keys()
    names = {**file.names, **(load_names(cursor(), people) if people else {})}
    papers = [(paper.code, spoken(paper.name)) for paper in file.product.terms.papers_for(ON_DEATH)]
    return request_words(
        known.request, act.request, Context(names=names, choices={"papers_received": papers})
    )


def _consequences(line: ActLine, lines: Sequence[ActLine]) -> Consequences | None:
    """None where the act did nothing to others."""
    done = line.replayed
    if done is None:
        return None
    by_seq: Mapping[int, ActLine] = {one.seq: one for one in lines}

    def named(seqs: Sequence[int]) -> tuple[ActLine, ...]:
        return tuple(by_seq[seq] for seq in seqs if seq in by_seq)

    return Consequences(named(done.decided_again), named(done.left_out), done.derived, done.dropped)
