"""Overview mails of a published round: one to each person of a school, one to each of a host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import Contact, GroupFacts, HostFacts, RoundFacts, SchoolFacts
from matchmaker.notifications.visits import Occasion, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """A group and what it got; no visits means that no place was found."""

    group: GroupFacts
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolResult:
    """What a school got in a round."""

    run_id: int
    round: RoundFacts
    school: SchoolFacts
    groups: tuple[GroupResult, ...]

    @property
    def visits(self) -> int:
        """Bookings of all groups together."""
        return sum(len(result.visits) for result in self.groups)

    @property
    def placed(self) -> int:
        """Groups that got something."""
        return sum(1 for result in self.groups if result.visits)

    @property
    def shortfall(self) -> int:
        """Participations that the school still lacks."""
        return max(0, self.school.guarantee - self.school.participations)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostResult:
    """Who comes to a host in a round, slot by slot."""

    run_id: int
    round: RoundFacts
    host: HostFacts
    occasions: Sequence[Occasion]

    @property
    def filled(self) -> int:
        """Slots that somebody comes to."""
        return sum(1 for occasion in self.occasions if occasion.visits)

    @property
    def pupils(self) -> int:
        """Pupils of all slots together."""
        return sum(occasion.pupils for occasion in self.occasions)


def compose_school_result(result: SchoolResult, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells one person what every group of the school got."""
    draft = Draft(
        kind=MessageKind.RESULT_SCHOOL,
        recipient=recipient,
        cause=f"run:{result.run_id}/school:{result.school.id}",
        organisation_id=result.school.id,
        facts={"result": result, "school": result.school, "round": result.round},
    )
    return compose_message(draft, letterhead)


def compose_schools_result(
    results: Sequence[SchoolResult], recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that tells one person in one list what each of many schools got; at least one."""
    draft = Draft(
        kind=MessageKind.RESULT_SCHOOLS,
        recipient=recipient,
        cause=f"run:{results[0].run_id}/schools",
        facts={"results": results, "round": results[0].round},
    )
    return compose_message(draft, letterhead)


def compose_host_result(result: HostResult, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells one person which slots of the host are filled, and by whom."""
    draft = Draft(
        kind=MessageKind.RESULT_HOST,
        recipient=recipient,
        cause=f"run:{result.run_id}/host:{result.host.id}",
        organisation_id=result.host.id,
        facts={"result": result, "host": result.host, "round": result.round},
    )
    return compose_message(draft, letterhead)
