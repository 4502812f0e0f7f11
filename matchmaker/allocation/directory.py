"""A problem looked up by id, for the parts that look at single pairs."""

from matchmaker.allocation.problem import Activity, Group, Host, Problem, School, Slot
from matchmaker.domain.eligibility import (
    TIMELESS_RULES,
    Candidate,
    Refusal,
    free_refusal,
    list_refusals,
)

_TOLD_BEFORE_TIME = ("levels", "min_pupils", "max_pupils")


class Directory:
    """Schools, groups, hosts, activities and slots of a problem by id."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._timeless: dict[tuple[str, str], Refusal | None] = {}
        self.schools = {school.id: school for school in problem.schools}
        self.groups = {group.id: group for group in problem.groups}
        self.hosts = {host.id: host for host in problem.hosts}
        self.activities = {activity.id: activity for activity in problem.activities}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.slots_of: dict[str, list[Slot]] = {activity.id: [] for activity in problem.activities}
        for slot in sorted(problem.slots, key=lambda slot: (slot.start, slot.id)):
            self.slots_of[slot.activity].append(slot)

    def school_of(self, group: Group) -> School:
        """Return the school of a group."""
        return self.schools[group.school]

    def activity_of(self, slot: Slot) -> Activity:
        """Return the activity of a slot."""
        return self.activities[slot.activity]

    def host_of(self, slot: Slot) -> Host:
        """Return the host of a slot."""
        return self.hosts[self.activity_of(slot).host]

    def list_refusals(self, group: Group, slot: Slot) -> tuple[Refusal, ...]:
        """Return the rules about this one pair that do not hold, in the order in which people are told."""
        return tuple(list_refusals(self._candidate(group, slot)))

    def find_refusal(self, group: Group, slot: Slot) -> Refusal | None:
        """Return the first rule about this one pair that does not hold.

        The rules that hold for a whole activity are asked once per group and activity.
        """
        candidate = self._candidate(group, slot)
        key = (group.id, slot.activity)
        if key not in self._timeless:
            refusals = (rule(candidate) for rule in TIMELESS_RULES)
            self._timeless[key] = next((refusal for refusal in refusals if refusal is not None), None)
        standing = self._timeless[key]
        if standing is not None and standing.rule in _TOLD_BEFORE_TIME:
            return standing
        return free_refusal(candidate) or standing

    def _candidate(self, group: Group, slot: Slot) -> Candidate:
        activity = self.activity_of(slot)
        return Candidate(group, self.school_of(group), activity, slot, self.problem.detour_factor)
