"""Locked placements that break a rule by themselves, whoever else is placed where."""

from dataclasses import dataclass

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import Group, Pair, Problem, Slot

SENTENCES = {
    "places": "Het tijdvak heeft geen plaats voor een groep van {pupils} leerlingen.",
    "reserved": "Alle plaatsen van het tijdvak worden voor andere scholen vrijgehouden.",
    "host_day": "De aanbieder ontvangt op geen enkele dag een groep.",
}
"""Rule → Dutch sentence, for the rules about places that one pair can break."""


@dataclass(frozen=True, slots=True)
class LockedProblem:
    """A locked pair that cannot stand: its place in the list, the broken rule and a Dutch sentence."""

    index: int
    pair: Pair
    rule: str
    sentence: str

    @property
    def path(self) -> str:
        """Where the pair stands in the problem file."""
        return f"$.locked[{self.index}]"


def list_locked_problems(problem: Problem) -> tuple[LockedProblem, ...]:
    """Return every rule that a locked placement breaks by itself, in the order of the list."""
    directory = Directory(problem)
    found = []
    for index, pair in enumerate(problem.locked):
        group, slot = directory.groups[pair.group], directory.slots[pair.slot]
        found += [
            LockedProblem(index, pair, refusal.rule, refusal.sentence())
            for refusal in directory.list_refusals(group, slot)
        ]
        found += [
            LockedProblem(index, pair, rule, SENTENCES[rule].format(pupils=group.pupils))
            for rule in _broken_alone(directory, group, slot)
        ]
    return tuple(found)


def _broken_alone(directory: Directory, group: Group, slot: Slot) -> list[str]:
    """Return the rules about places that the pair breaks even when nobody else is placed."""
    reserved = slot.reserved
    broken = {
        "places": slot.groups < 1 or (slot.pupils is not None and group.pupils > slot.pupils),
        "reserved": reserved is not None
        and group.school not in reserved.schools
        and reserved.groups >= slot.groups,
        "host_day": directory.host_of(slot).max_slots_per_day == 0,
    }
    return [rule for rule, is_broken in broken.items() if is_broken]
