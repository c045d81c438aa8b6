"""A case to work with: an enquiry that somebody of the insurer received."""

from uuid import UUID, uuid4

from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel


def opened_case(by: UUID) -> UUID:
    """The id of a new enquiry that this person has."""
    case = receive(
        NewCase(kind="enquiry", channel=Channel.COUNTER, title="宽限期多久"), by, f"case {uuid4()}"
    )
    assert isinstance(case, Case), case
    return case.case_id
