"""What the pages show on which a host moves or withdraws a slot."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.moving import ClashKind
from matchmaker.models import Booking, Host, Slot
from matchmaker.queries import visits
from matchmaker.scope import within
from matchmaker.services.moving import require_coming_slot
from matchmaker.services.slot_clashes import Clash, SlotTarget, list_clashes
from matchmaker.web.formats import capitalise, format_group
from matchmaker.web.language import gettext as _


@dataclass(frozen=True)
class SlotPage:
    """A slot and who comes to it; where it is to go and what stands against that, once that was typed."""

    host: Host
    slot: Slot
    bookings: list[Booking]
    target: SlotTarget | None = None
    clashes: tuple[Clash, ...] = ()

    @property
    def schools(self) -> list[str]:
        """The schools that are told, each once."""
        return list(dict.fromkeys(booking.group.school.name for booking in self.bookings))

    @property
    def is_blocked(self) -> bool:
        """Tell whether nobody can go on with this time."""
        return any(clash.is_final for clash in self.clashes)

    @property
    def is_moved(self) -> bool:
        """Tell whether the time is another one."""
        moved = self.target and (self.target.starts_at, self.target.ends_at)
        return moved not in (None, (self.slot.starts_at, self.slot.ends_at))

    @property
    def problems(self) -> list[str]:
        """What stands against the new time, a sentence each, without the reasons of a school."""
        return [_tell(clash) for clash in self.clashes]


def build_slot_page(host: Host, slot_id: int) -> SlotPage:
    """Load a slot of the host that stands and has not begun.

    Raises
    ------
    NotFoundError
        When the host has no such slot.
    VisitGoneError, VisitBegunError
        When there is nothing to change any more.
    """
    slot = visits.get_host_slot(host.id, slot_id)
    require_coming_slot(slot)
    return SlotPage(host, slot, visits.list_slot_bookings([slot.id]).get(slot.id, []))


def look_ahead(page: SlotPage, target: SlotTarget) -> SlotPage:
    """Return the page with what stands against a new time; days off and other visits are those of schools."""
    with within(page.host.region_id):
        clashes = tuple(list_clashes(page.slot, target))
    return SlotPage(page.host, page.slot, page.bookings, target, clashes)


def _tell(clash: Clash) -> str:
    if clash.group is None:
        return _("U ontvangt die dag al zoveel groepen als u wilde.")
    facts = {"school": clash.group.school.name, "group": format_group(clash.group)}
    return capitalise(
        {
            ClashKind.TWO_PLACES: _("%(group)s van %(school)s is dan al ergens anders.", **facts),
            ClashKind.NOT_FREE: _("%(group)s van %(school)s kan dan niet of is vrij.", **facts),
            ClashKind.SAME_DAY: _("%(group)s van %(school)s heeft die dag al een ander bezoek.", **facts),
        }[clash.kind]
    )
