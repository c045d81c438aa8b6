"""One act of a policy: what was asked, what it changed, its money, papers and people."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from counterfoil.apps.policies.history import acts_of, entries_of, papers_of
from counterfoil.apps.policies.queries import load_names, load_policy, people_of
from counterfoil.core.policy.state import ALL_SLICES, PolicyState
from counterfoil.web.access import cursor, screen
from counterfoil.web.differences import differences
from counterfoil.web.pages import page


@require_GET
@screen("read_policy")
def past_act(request: HttpRequest, policy_id: UUID, seq: int) -> HttpResponse:
    """The act with the policy's state before and after it."""
    asked = cursor()
    file = load_policy(asked, policy_id, seq)
    if file is None:
        raise Http404
    acts = acts_of(asked, policy_id)
    act = next((one for one in acts if one.seq == seq), None)
    if act is None:
        raise Http404
    before = _before(policy_id, seq, file.state)
    names = load_names(asked, people_of(file.state) | people_of(before))
    context = {
        "file": file,
        "act": act,
        "earlier": seq - 1 if seq > 1 else None,
        "later": seq + 1 if seq < len(acts) else None,
        "changes": differences(before.slices, file.state.slices, names),
        "entries": [one for one in entries_of(asked, policy_id) if one.seq == seq],
        "papers": [one for one in papers_of(asked, policy_id) if one.seq == seq],
    }
    return page(request, "past_act.html", context)


def _before(policy_id: UUID, seq: int, after: PolicyState) -> PolicyState:
    if seq == 1:
        return PolicyState(policy_id, 0, after.unit_id, dict.fromkeys(ALL_SLICES, ()))
    file = load_policy(cursor(), policy_id, seq - 1)
    assert file is not None, "a policy that is seen has every state before"
    return file.state
