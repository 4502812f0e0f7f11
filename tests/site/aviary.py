"""A token of its own in every text of every row, so that a text that gets out tells whose it was.

The tables and columns come from the metadata: a new table is planted too, and a table without rows at
some organisation is named by `tests/guards/test_canaries.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind, ClosedDayReason, Role
from matchmaker.extensions import db
from matchmaker.models import (
    Activity,
    BlockedTime,
    ClosedDay,
    ExternalActivity,
    Message,
    Region,
    Round,
    SchoolYear,
    Slot,
    ToldVisit,
    WishList,
)
from tests.factories import (
    ActivityFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    MessageFactory,
    SchoolFactory,
    UserFactory,
    WishFactory,
    WishListFactory,
)
from tests.site.rows import Neighbour, slot_in

TOKEN = re.compile(r"kanarie\d{6}z")
ORGANISATIONS = {"organisation", "school", "host"}
ADDRESSES = {"email", "recipient", "contact_email"}

# Texts with a form that the site relies on, or that nobody wrote: a token in them would only break it.
SHAPED = re.compile(
    r"_hash$|_sha256$|_json$|^(type|slug|language|timezone|subject|postcode|website|board|status"
    r"|lease_token|secret_encrypted|rights|calendar_uid|calendar_domain|input_mark|lottery_seed"
    r"|action|object_type|acting_as|request_id|publish_error|message_id|half_day|issuer)$"
)
WRITTEN_SUBJECTS = {("message", "subject")}


@dataclass(frozen=True)
class Canary:
    """One planted text and whose it is."""

    table: str
    column: str
    organisations: frozenset[int]
    users: frozenset[int]
    regions: frozenset[int]


@dataclass
class Aviary:
    """All planted texts by token."""

    canaries: dict[str, Canary] = field(default_factory=dict)

    def find(self, text: str) -> dict[str, Canary]:
        """Return the canaries that a text holds."""
        return {token: self.canaries[token] for token in TOKEN.findall(text) if token in self.canaries}


def add_others_in(place: Neighbour) -> tuple[int, int]:
    """Add a second school and host to a region, with wishes, members and mails; return their ids."""
    region = db.session.get_one(Region, place.region_id)
    round_ = db.session.get_one(Round, place.round_id)
    year = db.session.get_one(SchoolYear, round_.school_year_id)
    school, host = SchoolFactory(region=region, board="Ander bestuur"), HostFactory(region=region)
    activity = ActivityFactory(host=host, region_id=region.id)
    slot_in(activity, round_, 4)
    group = GroupFactory(school=school, school_year=year)
    known = db.session.get_one(Activity, place.activity_id)
    wishes = WishListFactory(group=group, round=round_)
    WishFactory(wish_list=wishes, activity=known)
    _add_days(place, wishes, school.id, year.id)
    for role, organisation in ((Role.COORDINATOR, school), (Role.HOST_CONTACT, host)):
        user = UserFactory(email=f"{role.value}@ander.{place.slug}.example")
        MembershipFactory(user=user, role=role, region=region, organisation=organisation)
        message = MessageFactory(region_id=region.id, organisation_id=organisation.id, sent_at=clock.now())
        _add_told_visit(place, message)
    db.session.commit()
    return int(school.id), int(host.id)


def _add_told_visit(place: Neighbour, message: Message) -> None:
    slot = db.session.get_one(Slot, place.slot_id)
    told = {"slot_id": slot.id, "starts_at": slot.starts_at, "ends_at": slot.ends_at}
    db.session.add(
        ToldVisit(region_id=place.region_id, message_id=message.id, booking_id=place.booking_id, **told)
    )


def _add_days(place: Neighbour, wishes: WishList, school_id: int, year_id: int) -> None:
    now, today, region_id = clock.now(), clock.today(), place.region_id
    hours = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    days = {"first_day": today, "last_day": today, "reason": ClosedDayReason.STUDY_DAY}
    db.session.add_all(
        [
            BlockedTime(region_id=region_id, wish_list=wishes, **hours),
            ClosedDay(region_id=region_id, organisation_id=school_id, **days),
            ExternalActivity(
                region_id=region_id,
                school_id=school_id,
                school_year_id=year_id,
                kind=ActivityKind.WORKSHOP,
                title="",
                held_on=today,
            ),
        ]
    )


def plant() -> Aviary:
    """Put a token in every text of every row and commit."""
    aviary, owners, numbers = Aviary(), _find_owners(), count()
    with db.engine.begin() as connection:
        for table, column in list_texts():
            key = next(iter(table.primary_key.columns))
            for (row_id,) in connection.execute(sa.select(key)).all():
                token = f"kanarie{next(numbers):06}z"
                aviary.canaries[token] = Canary(table.name, column.name, *owners[table.name, row_id])
                statement = sa.update(table).where(key == row_id)
                try:
                    with connection.begin_nested():
                        connection.execute(statement.values({column.name: _shape(column, token)}))
                except sa.exc.IntegrityError:
                    # A text that this row may not have; the guard names a column that no row has.
                    del aviary.canaries[token]
    return aviary


def list_texts() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Yield every column that may hold words."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_words = isinstance(column.type, sa.String | sa.LargeBinary) and not isinstance(
                column.type, sa.Enum
            )
            is_shaped = SHAPED.search(column.name) and (table.name, column.name) not in WRITTEN_SUBJECTS
            if is_words and not is_shaped and len(table.primary_key.columns) == 1:
                yield table, column


def _shape(column: sa.Column[Any], token: str) -> Any:
    if isinstance(column.type, sa.LargeBinary):
        head = f"From: {token}@kanarie.example\r\nTo: {token}@kanarie.example\r\nSubject: {token}"
        return f"{head}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{token}\r\n".encode()
    return f"{token}@kanarie.example" if column.name in ADDRESSES else token


Owners = tuple[frozenset[int], frozenset[int], frozenset[int]]


def _find_owners() -> dict[tuple[str, int], Owners]:
    """Return for each row the organisations, people and regions that it belongs to, along its keys."""
    found: dict[tuple[str, int], Owners] = {}
    memberships: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    with db.engine.connect() as connection:
        for organisation, region, user in connection.execute(
            sa.text("SELECT organisation_id, region_id, user_id FROM membership")
        ):
            memberships[user][0].update({organisation} - {None})
            memberships[user][1].add(region)
        for table in db.metadata.sorted_tables:
            if len(table.primary_key.columns) == 1:
                for row in connection.execute(sa.select(table)).mappings():
                    found[table.name, row[next(iter(table.primary_key.columns)).name]] = _owners_of(
                        table, row, found, memberships
                    )
    return found


def _owners_of(table: sa.Table, row: Any, found: dict[tuple[str, int], Owners], memberships: Any) -> Owners:
    row_id = row[next(iter(table.primary_key.columns)).name]
    organisations, users, regions = set[int](), set[int](), set[int]()
    if table.name in ORGANISATIONS:
        organisations.add(row_id)
    if table.name == "region":
        regions.add(row_id)
    if table.name == "user_account":
        users.add(row_id)
        organisations |= memberships[row_id][0]
        regions |= memberships[row_id][1]
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if row[column.name] is None or target == table.name:
                continue
            if target == "user_account":
                users.add(row[column.name])
                continue
            of_parent = found.get((target, row[column.name]), (frozenset(), frozenset(), frozenset()))
            organisations |= of_parent[0]
            regions |= of_parent[2]
    return frozenset(organisations), frozenset(users), frozenset(regions)
