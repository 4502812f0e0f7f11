"""What data the site keeps, why, for how long, and how it goes again: the words for labels of columns.

Every table says so in its model, as ``__data__ = held_for(…)``; `queries.inventory` reads it all. The
export of a person, the erasing of a person and the register of processing follow from these labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matchmaker.domain.retention import Retention


class DataClass(StrEnum):
    """What a column is about."""

    TECHNICAL = "technical"
    ORGANISATION = "organisation"
    STATISTICS = "statistics"
    # Personal from here on: who one is, how to reach one, what keeps an account safe, what people wrote.
    IDENTITY = "identity"
    CONTACT = "contact"
    SECURITY = "security"
    CONTENT = "content"


PERSONAL = frozenset({DataClass.IDENTITY, DataClass.CONTACT, DataClass.SECURITY, DataClass.CONTENT})


class Purpose(StrEnum):
    """Why data is kept."""

    ACCOUNT = "account"
    PROGRAMME = "programme"
    MAIL = "mail"
    SECURITY = "security"
    ACCOUNTABILITY = "accountability"
    OPERATION = "operation"


class Eraser(StrEnum):
    """What happens to a column when a person is erased.

    A row is the person's when its subject is the account or it holds the person's e-mail address.
    """

    # It is about no person.
    KEPT = "kept"
    # It points to an account that no longer says whose it was.
    NAMELESS = "nameless"
    BLANKED = "blanked"
    REPLACED = "replaced"
    # Nobody can tell whose row it is; it goes with its period.
    EXPIRES = "expires"
    # The person's whole row goes.
    ROW = "row"
    # Written about an organisation: where it holds the person's address or number, that is struck out.
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Data:
    """What one column holds, within the purpose and period of its table.

    Parameters
    ----------
    is_subject, is_address
        Whether the column holds the id, or the e-mail address, of the person whom the row is about.
    retention
        Another period than that of the table.
    """

    kind: DataClass
    eraser: Eraser
    is_subject: bool = False
    is_address: bool = False
    retention: Retention | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """All there is to say about one column."""

    kind: DataClass
    purpose: Purpose
    retention: Retention
    eraser: Eraser
    is_subject: bool = False
    is_address: bool = False

    @property
    def is_personal(self) -> bool:
        """Tell whether it is, or may be, about a person."""
        return self.kind in PERSONAL


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the inventory: a column and its label."""

    table: str
    column: str
    label: Label


@dataclass(frozen=True, slots=True)
class Holding:
    """Why and how long a table is kept, and what its columns hold."""

    purpose: Purpose
    retention: Retention
    default: Data
    columns: Mapping[str, Data] = field(default_factory=dict)

    def label(self, data: Data) -> Label:
        """Return the label of a column that holds this."""
        return Label(
            data.kind,
            self.purpose,
            data.retention or self.retention,
            data.eraser,
            data.is_subject,
            data.is_address,
        )


TECHNICAL = Data(DataClass.TECHNICAL, Eraser.KEPT)
FACT = Data(DataClass.ORGANISATION, Eraser.KEPT)
STATISTIC = Data(DataClass.STATISTICS, Eraser.KEPT)
# Which account did something: the row is about something else, or only says what was done.
DONE_BY = Data(DataClass.IDENTITY, Eraser.NAMELESS)
# Which account the row is about; the row stays when the account is erased.
SUBJECT = Data(DataClass.IDENTITY, Eraser.NAMELESS, is_subject=True)
# Free text about an organisation in which somebody may have typed a number or an address.
NOTE = Data(DataClass.CONTENT, Eraser.STRUCK)
# A row that lives and dies with the account.
OWNER = Data(DataClass.IDENTITY, Eraser.ROW, is_subject=True)
# What such a row says of the person.
OWN = Data(DataClass.IDENTITY, Eraser.ROW)
SECRET = Data(DataClass.SECURITY, Eraser.ROW)


def held_for(
    purpose: Purpose,
    retention: Retention,
    default: Data = TECHNICAL,
    *,
    technical: str = "",
    facts: str = "",
    statistics: str = "",
    notes: str = "",
    **columns: Data,
) -> Holding:
    """Label the columns of a table.

    Numbers, dates, states and keys of other rows hold what `default` says unless they are named. Every
    text, document or key of an account must be named: that is where personal data gets in.

    Parameters
    ----------
    technical, facts, statistics, notes
        Names of columns with blanks between: that keep the site running, that tell about an
        organisation, that count, or in which people write what they like.
    columns
        What any other column holds, such as ``email=Data(DataClass.CONTACT, Eraser.REPLACED)``.
    """
    families = ((technical, TECHNICAL), (facts, FACT), (statistics, STATISTIC), (notes, NOTE))
    named = {name: data for names, data in families for name in names.split()}
    return Holding(purpose, retention, default, {**named, **columns})
