"""People of whom every personal column holds a word that stands nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from matchmaker import clock
from matchmaker.domain.inventory import DataClass, Eraser
from matchmaker.domain.kinds import HostKind, Role
from matchmaker.extensions import Base, db
from matchmaker.models import Message, User
from matchmaker.models.columns import UtcDateTime
from matchmaker.models.labelling import must_be_named, points_to_account
from matchmaker.queries.personal_data import has_subject, label_of
from tests.factories import BookingFactory, MembershipFactory, MessageFactory, SchoolFactory, UserFactory
from tests.factories.regions import the_region

# Made by factories, because their rows hang together.
MADE_BY_HAND = {"user_account", "membership", "message"}
# Where a made-up value breaks a rule of the table: what fits instead, or what makes it.
FITTING: dict[str, dict[str, Any]] = {
    "invitation": {"role": Role.VIEWER, "board": ""},
    "join_request": {"host_kind": HostKind.COMPANY, "role": Role.HOST_CONTACT},
    "calendar_reply": {"booking_id": lambda: BookingFactory().id},
}


@dataclass
class Canary:
    """A person and the words that were planted, by table and column."""

    user_id: int
    email: str
    phone: str
    words: dict[tuple[str, str], str] = field(default_factory=dict)

    def told(self) -> Iterator[str]:
        """Yield the words that an export has to hold."""
        for (table, column), word in self.words.items():
            if is_told(Base.metadata.tables[table].c[column]):
                yield word

    def secret(self) -> Iterator[str]:
        """Yield the words that an export must not hold."""
        for (table, column), word in self.words.items():
            if not is_told(Base.metadata.tables[table].c[column]):
                yield word

    def everything(self) -> set[str]:
        """Return every word, with address and number."""
        return {*self.words.values(), self.email, self.phone}


def is_told(column: sa.Column[Any]) -> bool:
    """Tell whether people may take the column along; written anew here, not asked from the code."""
    return label_of(column).kind is not DataClass.SECURITY and not isinstance(column.type, sa.LargeBinary)


def plant(letter: str) -> Canary:
    """Make a coordinator with a row in every table that can be about a person, full of words."""
    canary = Canary(0, f"kanarie-{letter}@school.example", f"06 0000 {ord(letter):04}")
    user = UserFactory(email=canary.email, name=f"kanarie-{letter}-naam", phone=canary.phone)
    canary.user_id = user.id
    canary.words["user_account", "name"] = user.name
    canary.words["user_account", "email"] = canary.email
    canary.words["user_account", "phone"] = canary.phone
    user.password_hash = canary.words["user_account", "password_hash"] = f"kanarie-{letter}-hash"
    MembershipFactory(user=user, role=Role.COORDINATOR, region=the_region(), organisation=SchoolFactory())
    _plant_message(canary, letter, user)
    for table in Base.metadata.sorted_tables:
        if has_subject(table) and table.name not in MADE_BY_HAND:
            _plant_row(canary, letter, table)
    db.session.flush()
    return canary


def plant_mention(canary: Canary, reader: User) -> Message:
    """Send somebody else a mail that names the person."""
    lines = (
        "From: Techniek <afzender@techniek.example>",
        f"To: {reader.email}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        # Broken in the middle, as mails are: bytes alone do not show who is named.
        f"Contact: {canary.email[:12]}=",
        f"{canary.email[12:]}",
        "",
    )
    body = "\r\n".join(lines).encode()
    return MessageFactory(region_id=the_region().id, user_id=reader.id, recipient=reader.email, body=body)


def _plant_message(canary: Canary, letter: str, user: User) -> None:
    words = {name: f"kanarie-{letter}-bericht-{name}" for name in ("subject", "body", "last_error")}
    MessageFactory(
        region_id=the_region().id,
        user_id=user.id,
        recipient=user.email,
        subject=words["subject"],
        body=words["body"].encode(),
        last_error=words["last_error"],
    )
    canary.words |= {("message", name): word for name, word in words.items()}


def _plant_row(canary: Canary, letter: str, table: sa.Table) -> None:
    values = {
        column.name: value
        for column in table.columns
        if column.name != "id" and (value := _value(canary, letter, table, column)) is not None
    }
    fitting = {name: make() if callable(make) else make for name, make in FITTING.get(table.name, {}).items()}
    db.session.execute(sa.insert(table).values(values | fitting))


def _value(canary: Canary, letter: str, table: sa.Table, column: sa.Column[Any]) -> Any:
    label = label_of(column)
    if label.is_address:
        return canary.email
    if points_to_account(column):
        return canary.user_id
    if column.foreign_keys:
        return None if column.nullable else _any_id(column)
    if must_be_named(column) and isinstance(column.type, sa.String):
        word = f"kanarie-{letter}-{table.name}-{column.name}"
        if label.is_personal:
            canary.words[table.name, column.name] = word
        return word
    return _plain_value(column)


def _any_id(column: sa.Column[Any]) -> Any:
    (key,) = column.foreign_keys
    return db.session.scalars(sa.select(key.column).limit(1)).one()


def _plain_value(column: sa.Column[Any]) -> Any:
    kind: Any = column.type
    if column.nullable:
        return None
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class or kind.enums))
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, UtcDateTime):
        return clock.now()
    return {date: clock.today(), int: 1, bool: False, float: 1.0}.get(kind.python_type)


def dump_everything() -> str:
    """Return every value of every table as one text."""
    rows = [
        repr(tuple(row))
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
    ]
    return "\n".join(rows)


def list_struck_columns() -> list[sa.Column[Any]]:
    """Return the columns in which people write what they like about an organisation."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if label_of(column).eraser is Eraser.STRUCK
    ]
