"""Which slots suit a group: the hard rules that look at one group and one slot only.

One function per rule, one name, one sentence for people. A rule returns None when it holds and the facts of
the refusal when it does not. The allocation, open booking, waiting lists and forms all ask here.

The values are described by protocols, so that rows of the database and values of the engine serve alike.
Times of a group and a slot must be comparable: all aware or all local.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matchmaker.domain.distance import KM_SLACK, Place, find_distance_km
from matchmaker.domain.levels import find_unserved_levels, format_level


class Stretch(Protocol):
    """A half-open stretch of time."""

    @property
    def start(self) -> datetime:
        """First moment."""

    @property
    def end(self) -> datetime:
        """First moment after it."""


class WishFacts(Protocol):
    """A wish: an activity id or a kind, the other one None."""

    @property
    def activity(self) -> str | None:
        """Id of the activity."""

    @property
    def kind(self) -> str | None:
        """Kind of activity."""


class GroupFacts(Protocol):
    """What the rules ask about a group."""

    @property
    def levels(self) -> Sequence[str]:
        """Levels, several for a combined class."""

    @property
    def pupils(self) -> int:
        """Number of pupils."""

    @property
    def max_km(self) -> float | None:
        """Farthest distance one way, None for no limit."""

    @property
    def open_to_other(self) -> bool:
        """Whether activities that were not wished are welcome too."""

    @property
    def wishes(self) -> Sequence[WishFacts]:
        """Wishes in order of preference."""

    @property
    def unavailable(self) -> Sequence[Stretch]:
        """Blocked times, holidays and closed days included."""


class ActivityFacts(Place, Protocol):
    """What the rules ask about an activity."""

    @property
    def id(self) -> str:
        """Id, as wishes name it."""

    @property
    def kind(self) -> str:
        """Kind, as wishes name it."""

    @property
    def levels(self) -> Sequence[str]:
        """Levels served."""

    @property
    def min_pupils(self) -> int | None:
        """Fewest pupils of one group."""

    @property
    def max_pupils(self) -> int | None:
        """Most pupils of one group."""

    @property
    def mobile(self) -> bool:
        """Whether the host comes to the school."""

    @property
    def range_km(self) -> float | None:
        """How far a mobile activity comes, None for anywhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One group and one slot that may suit it.

    ``school`` is the place of the group, ``slot`` the time of the occasion.
    """

    group: GroupFacts
    school: Place
    activity: ActivityFacts
    slot: Stretch
    detour_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that does not hold and the facts that fill its sentence."""

    rule: str
    facts: dict[str, str]

    def sentence(self) -> str:
        """Return the Dutch sentence for people."""
        return SENTENCES[self.rule].format(**self.facts)


SENTENCES = {
    "levels": "De activiteit is niet voor {levels}.",
    "min_pupils": "De groep heeft {pupils} leerlingen; de activiteit vraagt er minstens {limit}.",
    "max_pupils": "De groep heeft {pupils} leerlingen; de activiteit heeft plaats voor {limit} per groep.",
    "free": "De groep kan niet op {start}: dan is zij bezet of vrij.",
    "distance": "Het is {distance} km; de groep wil ten hoogste {limit} km reizen.",
    "range": "De school ligt op {distance} km; de aanbieder komt tot {limit} km.",
    "wished": "De groep heeft deze activiteit niet gewenst en staat niet open voor iets anders.",
}
"""Rule → Dutch sentence with the names of its facts."""


def levels_refusal(candidate: Candidate) -> Refusal | None:
    """The activity serves all levels of the group."""
    unserved = find_unserved_levels(candidate.group.levels, candidate.activity.levels)
    if not unserved:
        return None
    return Refusal("levels", {"levels": " en ".join(format_level(level) for level in unserved)})


def pupils_refusal(candidate: Candidate) -> Refusal | None:
    """The pupils of the group are within the bounds of the activity."""
    pupils, activity = candidate.group.pupils, candidate.activity
    if activity.min_pupils is not None and pupils < activity.min_pupils:
        return Refusal("min_pupils", {"pupils": str(pupils), "limit": str(activity.min_pupils)})
    if activity.max_pupils is not None and pupils > activity.max_pupils:
        return Refusal("max_pupils", {"pupils": str(pupils), "limit": str(activity.max_pupils)})
    return None


def free_refusal(candidate: Candidate) -> Refusal | None:
    """The group and its school are free during the whole slot."""
    slot = candidate.slot
    if is_free(candidate.group.unavailable, slot):
        return None
    return Refusal("free", {"start": f"{slot.start:%d-%m-%Y %H.%M} uur"})


def is_free(unavailable: Sequence[Stretch], slot: Stretch) -> bool:
    """Tell whether nothing of the slot lies in a stretch in which the group cannot come."""
    return not any(blocked.start < slot.end and slot.start < blocked.end for blocked in unavailable)


def distance_refusal(candidate: Candidate) -> Refusal | None:
    """The place is near enough for the group, or the school near enough for a mobile activity.

    A place that is unknown is near enough, and so is one exactly on the limit, however it was rounded.
    """
    activity = candidate.activity
    limit = activity.range_km if activity.mobile else candidate.group.max_km
    distance = find_distance_km(candidate.school, activity, candidate.detour_factor)
    if limit is None or distance is None or distance <= limit + KM_SLACK:
        return None
    facts = {"distance": _format_km(distance), "limit": _format_km(limit)}
    return Refusal("range" if activity.mobile else "distance", facts)


def wished_refusal(candidate: Candidate) -> Refusal | None:
    """The group wished the activity or its kind, or is open to anything else."""
    if candidate.group.open_to_other or find_rank(candidate.group, candidate.activity) is not None:
        return None
    return Refusal("wished", {})


ELIGIBILITY_RULES: tuple[Callable[[Candidate], Refusal | None], ...] = (
    levels_refusal,
    pupils_refusal,
    free_refusal,
    distance_refusal,
    wished_refusal,
)
"""Every rule, in the order in which people are told."""


TIMELESS_RULES = tuple(rule for rule in ELIGIBILITY_RULES if rule is not free_refusal)
"""The rules that do not depend on when a slot is: the same for all slots of an activity."""


def find_rank(group: GroupFacts, activity: ActivityFacts) -> int | None:
    """Return the best rank (1 is first) of a wish that covers the activity, None when there is none."""
    for rank, wish in enumerate(group.wishes, start=1):
        if wish.activity == activity.id or (wish.kind is not None and wish.kind == activity.kind):
            return rank
    return None


def list_refusals(candidate: Candidate) -> Iterator[Refusal]:
    """Return every rule that does not hold, in the order of :data:`ELIGIBILITY_RULES`."""
    for rule in ELIGIBILITY_RULES:
        refusal = rule(candidate)
        if refusal is not None:
            yield refusal


def find_refusal(candidate: Candidate) -> Refusal | None:
    """Return the first rule that does not hold, None when the slot suits the group."""
    return next(list_refusals(candidate), None)


def _format_km(distance_km: float) -> str:
    return f"{distance_km:.1f}".replace(".", ",")
