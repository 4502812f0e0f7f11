"""School levels: what a group is, and whom an activity is for.

A level is a label. The labels of Dutch primary schools are ``po1`` … ``po8`` and those of secondary schools
``vo1`` … ``vo6``; any other label is allowed and compared as it is. A combined class has several levels.
"""

from collections.abc import Iterable

PRIMARY_LEVELS = tuple(f"po{year}" for year in range(1, 9))
SECONDARY_LEVELS = tuple(f"vo{year}" for year in range(1, 7))


def find_unserved_levels(group_levels: Iterable[str], activity_levels: Iterable[str]) -> tuple[str, ...]:
    """Return the levels of a group that an activity does not serve, in the order of the group."""
    served = frozenset(activity_levels)
    return tuple(level for level in group_levels if level not in served)


def levels_fit(group_levels: Iterable[str], activity_levels: Iterable[str]) -> bool:
    """Return whether an activity serves every level of a group: a combined class comes whole."""
    return not find_unserved_levels(group_levels, activity_levels)


def format_level(level: str) -> str:
    """Return a level as people say it: ``groep 7`` in primary, ``klas 2`` in secondary education."""
    if level in PRIMARY_LEVELS:
        return f"groep {level[2:]}"
    return f"klas {level[2:]}" if level in SECONDARY_LEVELS else level
