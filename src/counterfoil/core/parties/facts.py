"""What other acts may know of a party: derived from its state, no name and no number."""

from counterfoil.core.parties.state import PartyState
from counterfoil.core.policy.facts import PartyFacts


def facts_of(party: PartyState) -> PartyFacts | None:
    """The party's facts as known now, None where it is not registered; accounts are those it holds itself."""
    if not party.identity:
        return None
    value = party.identity[-1].value
    accounts = tuple(v.value.account_id for v in party.accounts if v.value.holder_is_self)
    return PartyFacts(
        party_id=party.party_id,
        kind=value.kind.value,
        birth_date=value.birth_date,
        sex=value.sex,
        occupation_class=value.occupation_class,
        account_ids=accounts,
        died_on=value.died_on,
    )
