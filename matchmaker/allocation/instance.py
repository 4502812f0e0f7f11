"""A problem as sorted collections and arrays, the form the engine computes with.

Schools, groups, activities and slots are sorted by id, so that the answer does not depend on the order of a
file. Times are minutes since year 1 and days are ordinals; "no limit" is a very large number.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from matchmaker.allocation.problem import (
    Activity,
    Group,
    Host,
    Problem,
    School,
    Slot,
    largest_guarantee,
    lottery_numbers,
    school_guarantee,
)
from matchmaker.allocation.scores import SCORES
from matchmaker.allocation.solver import Floats, Ints

NO_LIMIT = 2**40


def minutes_of(time: datetime) -> int:
    """Return a local time as minutes since the beginning of year 1."""
    return (time.toordinal() * 24 + time.hour) * 60 + time.minute


@dataclass(frozen=True)
class Instance:
    """The problem, sorted and indexed; positions in the sorted collections are the indices."""

    problem: Problem

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """Schools by id."""
        return tuple(sorted(self.problem.schools, key=lambda school: school.id))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups by id."""
        return tuple(sorted(self.problem.groups, key=lambda group: group.id))

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """Hosts by id."""
        return tuple(sorted(self.problem.hosts, key=lambda host: host.id))

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        """Activities by id."""
        return tuple(sorted(self.problem.activities, key=lambda activity: activity.id))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Slots by id."""
        return tuple(sorted(self.problem.slots, key=lambda slot: slot.id))

    @cached_property
    def school_index(self) -> dict[str, int]:
        """Id of a school → index."""
        return {school.id: index for index, school in enumerate(self.schools)}

    @cached_property
    def group_index(self) -> dict[str, int]:
        """Id of a group → index."""
        return {group.id: index for index, group in enumerate(self.groups)}

    @cached_property
    def slot_index(self) -> dict[str, int]:
        """Id of a slot → index."""
        return {slot.id: index for index, slot in enumerate(self.slots)}

    @cached_property
    def group_school(self) -> Ints:
        """Index of each group's school."""
        return np.array([self.school_index[group.school] for group in self.groups], dtype=np.intp)

    @cached_property
    def group_pupils(self) -> Ints:
        """Pupils of each group."""
        return np.array([group.pupils for group in self.groups], dtype=np.intp)

    @cached_property
    def group_wanted(self) -> Ints:
        """Most placements of each group."""
        return np.array([group.wanted for group in self.groups], dtype=np.intp)

    @cached_property
    def group_best(self) -> Ints:
        """Points that each group can be granted at most."""
        return np.array(
            [
                SCORES.best(has_wishes=bool(group.wishes), open_to_other=group.open_to_other)
                for group in self.groups
            ],
            dtype=np.intp,
        )

    @cached_property
    def slot_activity(self) -> Ints:
        """Index of each slot's activity."""
        index = {activity.id: place for place, activity in enumerate(self.activities)}
        return np.array([index[slot.activity] for slot in self.slots], dtype=np.intp)

    @cached_property
    def slot_host(self) -> Ints:
        """Index of each slot's host."""
        index = {host.id: place for place, host in enumerate(self.hosts)}
        hosts = np.array([index[activity.host] for activity in self.activities], dtype=np.intp)
        return hosts[self.slot_activity]

    @cached_property
    def slot_start(self) -> Ints:
        """First minute of each slot."""
        return np.array([minutes_of(slot.start) for slot in self.slots], dtype=np.intp)

    @cached_property
    def slot_end(self) -> Ints:
        """Minute at which each slot has ended."""
        return np.array([minutes_of(slot.end) for slot in self.slots], dtype=np.intp)

    @cached_property
    def slot_day(self) -> Ints:
        """Day on which each slot starts."""
        return self.slot_start // (24 * 60)

    @cached_property
    def slot_groups(self) -> Ints:
        """Group places of each slot."""
        return np.array([slot.groups for slot in self.slots], dtype=np.intp)

    @cached_property
    def slot_pupils(self) -> Ints:
        """Pupil places of each slot."""
        return np.array(
            [NO_LIMIT if slot.pupils is None else slot.pupils for slot in self.slots], dtype=np.intp
        )

    @cached_property
    def slot_minimum(self) -> Ints:
        """Fewest groups with which each slot runs."""
        return np.array([slot.min_groups for slot in self.slots], dtype=np.intp)

    @cached_property
    def host_limit(self) -> Ints:
        """Most slots of each host on one day."""
        limits = [
            NO_LIMIT if host.max_slots_per_day is None else host.max_slots_per_day for host in self.hosts
        ]
        return np.array(limits, dtype=np.intp)

    @cached_property
    def guarantee(self) -> Ints:
        """Participations that each school should reach."""
        return np.array([school_guarantee(self.problem, school) for school in self.schools], dtype=np.intp)

    @cached_property
    def already(self) -> Ints:
        """Participations that each school has already."""
        return np.array([school.already for school in self.schools], dtype=np.intp)

    @cached_property
    def guarantee_levels(self) -> range:
        """The levels k = 1 … the largest guarantee."""
        return range(1, largest_guarantee(self.problem) + 1)

    @cached_property
    def school_best(self) -> Ints:
        """Points that the groups of each school can be granted at most, together."""
        return np.bincount(self.group_school, self.group_best, minlength=len(self.schools)).astype(np.intp)

    @cached_property
    def lottery_weight(self) -> Floats:
        """Weight of each school in the draw, in (0, 1]: 1 for the lowest number."""
        numbers = dict(
            zip((school.id for school in self.problem.schools), lottery_numbers(self.problem), strict=True)
        )
        drawn = sorted(self.schools, key=lambda school: numbers[school.id])
        position = {school.id: place for place, school in enumerate(drawn)}
        count = max(1, len(drawn))
        return np.array([(count - position[school.id]) / count for school in self.schools], dtype=np.float64)
