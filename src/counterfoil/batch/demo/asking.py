"""What every life of the demo needs: asking for acts with keys of its own, people registered once, accounts."""

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.calls import ActReferred
from counterfoil.apps.acts.intake import party_id_for, thing_id_for
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.batch.demo.organisation import Staff
from counterfoil.batch.demo.people import Person
from counterfoil.batch.demo.stage import Approve, Look, Step, Wish
from counterfoil.batch.demo.stories import Story
from counterfoil.core.parties.add_bank_account import PlainAddBankAccount

Asking = Generator[Wish, Any, Any]


def workday(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


class Registry:
    """Which people are registered already, and their accounts; one for all lives of a play."""

    def __init__(self) -> None:
        self.registered: set[int] = set()
        self.accounts: dict[int, UUID] = {}


class Asker:
    """Asks for the acts of one story. Keys follow from story and step, so that a second play repeats them."""

    def __init__(self, story: Story, staff: Staff, registry: Registry) -> None:
        self.story = story
        self.staff = staff
        self.registry = registry
        self.unit = story.county.unit_id
        self.clerk = staff.at(self.unit, "outer_counter")
        self.policy_id = UUID(int=0)
        self._steps = 0

    def by(self, position: str) -> UUID:
        """Who holds the position in the county, or nearest above it."""
        return self.staff.at(self.unit, position, self.story.number)

    def ask(
        self,
        day: date,
        actor: UUID,
        act: str,
        request: Any,
        *,
        subject: UUID | None = None,
        creates: bool = False,
        key: str = "",
        effective: date | None = None,
        opinion: str = "",
    ) -> Asking:
        """Ask for an act, by default on the story's policy; gives the outcome."""
        self._steps += 1
        answer = yield Step(
            day=day,
            actor=actor,
            act=act,
            request=request,
            key=key or f"demo:{self.story.number}:{self._steps}",
            subject=None if creates else subject or self.policy_id,
            effective=effective,
            opinion=opinion,
        )
        return answer

    def ask_up(self, day: date, actor: UUID, act: str, request: Any, opinion: str = "请审批") -> Asking:
        """The same; where it goes up, it is approved on the next day."""
        answer = yield from self.ask(day, actor, act, request, opinion=opinion)
        if isinstance(answer, ActReferred):
            answer = yield Approve(day=workday(day + timedelta(days=1)), referred=answer)
        return answer

    def look(self, day: date) -> Generator[Wish, Any, PolicyFile]:
        """The policy as the county sees it."""
        file: PolicyFile = yield Look(day=day, actor=self.clerk, policy_id=self.policy_id)
        return file

    def party(self, person: Person) -> UUID:
        """The id that a person gets when the county's first counter registers it."""
        return party_id_for(self.clerk, f"demo:person:{person.serial}")

    def register(self, person: Person, day: date) -> Asking:
        """Register a person, once however many policies name it."""
        if person.serial not in self.registry.registered:
            self.registry.registered.add(person.serial)
            yield from self.ask(
                day,
                self.clerk,
                "register_party",
                person.registration(),
                creates=True,
                key=f"demo:person:{person.serial}",
            )

    def account(self, person: Person, day: date, actor: UUID) -> Asking:
        """Add the person's account, once, and give its id."""
        if person.serial not in self.registry.accounts:
            key = f"demo:account:{person.serial}"
            account_id = self.registry.accounts[person.serial] = thing_id_for(self.clerk, key)
            request = PlainAddBankAccount(account_id=account_id, bank=person.bank, number=person.card)
            yield from self.ask(day, actor, "add_bank_account", request, subject=self.party(person), key=key)
        return self.registry.accounts[person.serial]
