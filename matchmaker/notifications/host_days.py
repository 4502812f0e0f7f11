"""What letters and pages tell a host of its days: who comes, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker import clock
from matchmaker.notifications.facts import OrganisationFacts
from matchmaker.notifications.visits import Occasion, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A group on the list of a host, with what its school said about coming; at most one of the three.

    Parameters
    ----------
    doubted
        Whether somebody of the school took the visit out of a calendar, or proposed another time there.
    """

    visit: Visit
    confirmed: bool
    declined: bool
    doubted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSlot:
    """A slot on the list of a host, its groups by school."""

    occasion: Occasion
    expected: tuple[Expected, ...]

    @property
    def schools(self) -> tuple[OrganisationFacts, ...]:
        """The schools that come, each once, in the order of their groups."""
        return tuple({line.visit.school.id: line.visit.school for line in self.expected}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDay:
    """One day of a host, or of several for which one person answers, in order of time."""

    slots: tuple[SheetSlot, ...]

    @property
    def starts_at(self) -> datetime:
        """When the first group comes."""
        return self.slots[0].occasion.slot.starts_at

    @property
    def iso(self) -> str:
        """The date as it stands in the address of a page: ``2027-01-12``."""
        return clock.local(self.starts_at).date().isoformat()

    @property
    def lines(self) -> tuple[Expected, ...]:
        """All groups of the day."""
        return tuple(line for slot in self.slots for line in slot.expected)

    @property
    def coming(self) -> tuple[Expected, ...]:
        """The groups to count on: all but those that said that they cannot come."""
        return tuple(line for line in self.lines if not line.declined)

    @property
    def pupils(self) -> int:
        """Pupils to count on."""
        return sum(line.visit.group.pupils for line in self.coming)

    @property
    def confirmed(self) -> int:
        """How many groups said that they come."""
        return sum(line.confirmed for line in self.lines)

    @property
    def declined(self) -> int:
        """How many groups said that they cannot come."""
        return sum(line.declined for line in self.lines)

    @property
    def doubted(self) -> int:
        """How many groups are to be asked whether they come."""
        return sum(line.doubted for line in self.lines)

    @property
    def silent(self) -> int:
        """How many groups said nothing yet."""
        return len(self.lines) - self.confirmed - self.declined - self.doubted

    @property
    def hosts(self) -> tuple[OrganisationFacts, ...]:
        """Whose day it is, each once."""
        return tuple({slot.occasion.host.id: slot.occasion.host for slot in self.slots}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """The list of who comes, for one day or for the days on both sides of a weekend."""

    days: tuple[SheetDay, ...]

    @property
    def hosts(self) -> tuple[OrganisationFacts, ...]:
        """Whose days they are, each once."""
        return tuple({host.id: host for day in self.days for host in day.hosts}.values())

    @property
    def groups(self) -> int:
        """Groups to count on."""
        return sum(len(day.coming) for day in self.days)
