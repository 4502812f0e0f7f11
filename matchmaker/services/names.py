"""What people call the things that the engine knows by id."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.kinds import ActivityKind
from matchmaker.exchange.vocabularies import ACTIVITY_KINDS
from matchmaker.extensions import db
from matchmaker.models import Activity, Group, School


def name_everything(region_id: int) -> dict[str, str]:
    """Return the Dutch names of a region's schools, groups and activities, and of all kinds of activity.

    Ids are those of the problem: ``S`` school, ``G`` group, ``A`` activity; kinds go by their value.
    """
    schools = select(School.id, School.name).where(School.region_id == region_id)
    groups = select(Group.id, Group.name, Group.school_id).where(Group.region_id == region_id)
    activities = select(Activity.id, Activity.title).where(Activity.region_id == region_id)
    school_names = {row.id: row.name for row in db.session.execute(schools)}
    return {
        **{f"S{school_id}": name for school_id, name in school_names.items()},
        **{
            f"G{row.id}": f"groep {row.name} van {school_names[row.school_id]}"
            for row in db.session.execute(groups)
        },
        **{f"A{row.id}": f"‘{row.title}’" for row in db.session.execute(activities)},
        **{kind.value: ACTIVITY_KINDS.write(kind) for kind in ActivityKind},
    }
