"""What if: the same round with other settings.

A scenario makes another problem of a problem. The ids of schools and groups stay, and so do the activities of
a host that is left out (only its slots go): wishes keep their rank, so that satisfaction before and after
means the same.
"""

from dataclasses import dataclass, replace

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import Activity, Group, Host, Pair, Problem, School, Slot

_MOST_KM = 50_000.0
"""Farther than anywhere on earth, and the most that the problem format takes."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Settings that differ; everything that is not named stays.

    Attributes
    ----------
    name
        What people call it.
    without_hosts
        Ids of hosts whose slots are left out.
    travel
        Factor on every group's farthest distance, above 0; None leaves it. No limit stays no limit.
    doubled_hosts
        Ids of hosts that come twice: every slot of theirs is offered once more at the same moment, for the
        same wishes, and their slots per day double.
    extra_groups
        Group places that every slot which has some gets more, ≥ 0; its pupil places grow in proportion.
    extra_hosts, extra_activities, extra_slots
        What is added, with ids of its own.
    guarantee
        Participations that every school should reach, also one with a guarantee of its own; None leaves them.
    fairness_band
        None leaves it.
    """

    name: str
    without_hosts: tuple[str, ...] = ()
    travel: float | None = None
    doubled_hosts: tuple[str, ...] = ()
    extra_groups: int = 0
    extra_hosts: tuple[Host, ...] = ()
    extra_activities: tuple[Activity, ...] = ()
    extra_slots: tuple[Slot, ...] = ()
    guarantee: int | None = None
    fairness_band: float | None = None


class UnknownHostError(ValueError):
    """A scenario names hosts that the problem does not have.

    Attributes
    ----------
    hosts
        Their ids, sorted.
    """

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__("there is no host with id " + ", ".join(repr(host) for host in hosts))
        self.hosts = hosts


def apply(problem: Problem, scenario: Scenario) -> Problem:
    """Return the problem under a scenario.

    A locked placement that the scenario itself makes impossible (its slot is left out, or too far now) is no
    longer locked; a published one whose slot is gone counts as lost, as in every repair.

    Raises
    ------
    UnknownHostError
        When the scenario names a host that does not exist.
    """
    known = {host.id for host in problem.hosts}
    unknown = sorted({*scenario.without_hosts, *scenario.doubled_hosts} - known)
    if unknown:
        raise UnknownHostError(tuple(unknown))
    changed = replace(
        problem,
        schools=_schools(problem, scenario),
        groups=tuple(_group(group, scenario) for group in problem.groups),
        hosts=tuple(_host(host, scenario) for host in problem.hosts) + scenario.extra_hosts,
        activities=problem.activities + scenario.extra_activities,
        slots=_slots(problem, scenario),
        guarantee=problem.guarantee if scenario.guarantee is None else scenario.guarantee,
        fairness_band=problem.fairness_band if scenario.fairness_band is None else scenario.fairness_band,
    )
    return replace(changed, locked=_locked(problem, changed))


def _schools(problem: Problem, scenario: Scenario) -> tuple[School, ...]:
    if scenario.guarantee is None:
        return problem.schools
    return tuple(replace(school, guarantee=None) for school in problem.schools)


def _group(group: Group, scenario: Scenario) -> Group:
    if scenario.travel is None or group.max_km is None:
        return group
    return replace(group, max_km=min(_MOST_KM, group.max_km * scenario.travel))


def _host(host: Host, scenario: Scenario) -> Host:
    if host.id not in scenario.doubled_hosts or host.max_slots_per_day is None:
        return host
    return replace(host, max_slots_per_day=2 * host.max_slots_per_day)


def _slots(problem: Problem, scenario: Scenario) -> tuple[Slot, ...]:
    host_of = {activity.id: activity.host for activity in problem.activities}
    taken = {slot.id for slot in (*problem.slots, *scenario.extra_slots)}
    slots: list[Slot] = []
    for slot in problem.slots:
        host = host_of[slot.activity]
        if host in scenario.without_hosts:
            continue
        wider = _wider(slot, scenario.extra_groups)
        slots.append(wider)
        if host in scenario.doubled_hosts:
            slots.append(replace(wider, id=_new_id(slot.id, taken)))
    return (*slots, *scenario.extra_slots)


def _wider(slot: Slot, groups: int) -> Slot:
    if not (groups and slot.groups):
        return slot
    pupils = None if slot.pupils is None else slot.pupils + slot.pupils * groups // slot.groups
    return replace(slot, groups=slot.groups + groups, pupils=pupils)


def _new_id(base: str, taken: set[str]) -> str:
    number = 2
    while f"{base}+{number}" in taken:
        number += 1
    taken.add(f"{base}+{number}")
    return f"{base}+{number}"


def _locked(problem: Problem, changed: Problem) -> tuple[Pair, ...]:
    before, after = Directory(problem), Directory(changed)

    def was_made_impossible(pair: Pair) -> bool:
        if pair.slot not in after.slots:
            return True
        refused_before = before.find_refusal(before.groups[pair.group], before.slots[pair.slot])
        refused = after.find_refusal(after.groups[pair.group], after.slots[pair.slot])
        return refused is not None and refused_before is None

    return tuple(pair for pair in problem.locked if not was_made_impossible(pair))
