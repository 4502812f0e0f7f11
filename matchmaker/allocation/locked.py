"""Locked placements that break a rule by themselves, whoever else is placed where."""

from dataclasses import dataclass

from matchmaker.allocation.problem import Group, Pair, Problem, Slot
from matchmaker.domain.eligibility import Candidate, Refusal, list_refusals

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
    groups = {group.id: group for group in problem.groups}
    slots = {slot.id: slot for slot in problem.slots}
    found = []
    for index, pair in enumerate(problem.locked):
        group, slot = groups[pair.group], slots[pair.slot]
        found += [
            LockedProblem(index, pair, refusal.rule, refusal.sentence())
            for refusal in list_refusals(make_candidate(problem, group, slot))
        ]
        found += [LockedProblem(index, pair, rule, text) for rule, text in _full_for(problem, group, slot)]
    return tuple(found)


def make_candidate(problem: Problem, group: Group, slot: Slot) -> Candidate:
    """Return what the rules of eligibility ask about a group and a slot."""
    school = next(school for school in problem.schools if school.id == group.school)
    activity = next(activity for activity in problem.activities if activity.id == slot.activity)
    return Candidate(group, school, activity, slot, problem.detour_factor)


def list_pair_refusals(problem: Problem, group: Group, slot: Slot) -> tuple[Refusal, ...]:
    """Return the rules about one pair that do not hold, in the order in which people are told."""
    return tuple(list_refusals(make_candidate(problem, group, slot)))


def _full_for(problem: Problem, group: Group, slot: Slot) -> list[tuple[str, str]]:
    rules = []
    if slot.groups < 1 or (slot.pupils is not None and group.pupils > slot.pupils):
        rules.append("places")
    if slot.reserved and group.school not in slot.reserved.schools and slot.reserved.groups >= slot.groups:
        rules.append("reserved")
    host_id = next(activity.host for activity in problem.activities if activity.id == slot.activity)
    if any(host.id == host_id and host.max_slots_per_day == 0 for host in problem.hosts):
        rules.append("host_day")
    return [(rule, SENTENCES[rule].format(pupils=group.pupils)) for rule in rules]
