"""Which act belongs to which store: the acts come from ``core/register.py``, the store from the act's subject."""

from functools import cache

from counterfoil.apps.acts.store import Store
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.register import ACTS


class UnknownAct(LookupError):
    """No act of this name is registered."""


def act_named(name: str) -> Act:
    """The act of this name. Raises UnknownAct."""
    try:
        return ACTS[name]
    except KeyError:
        raise UnknownAct(name) from None


@cache
def store_of(subject: Subject) -> Store:
    """The store that keeps this kind of subject."""
    if subject is Subject.POLICY:
        from counterfoil.apps.policies.store import POLICY_STORE

        return POLICY_STORE
    from counterfoil.apps.parties.store import PARTY_STORE

    return PARTY_STORE
