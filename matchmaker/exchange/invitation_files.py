"""Lists of people to invite, as CSV or workbook: an address, a name, a role and where."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.dutch_input import parse_code, parse_email
from matchmaker.domain.kinds import Role
from matchmaker.exchange.columns import Column, SheetSpec, Vocabulary, at_most, read_sheet
from matchmaker.exchange.confined_reading import read_tables
from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputProblem, refuse_file
from matchmaker.exchange.rows import SheetRow
from matchmaker.exchange.table import Table

# More people than any region has; who has more sends two lists.
MOST_ROWS = 2000

ROLES = Vocabulary(
    {
        Role.COORDINATOR: ("coördinator", "coordinator", "W&T-coördinator"),
        Role.TEACHER: ("leerkracht", "docent", "leraar"),
        Role.HOST_CONTACT: ("contactpersoon", "aanbieder"),
        Role.ORGANISER: ("organisator",),
        Role.VIEWER: ("meelezer",),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow(SheetRow):
    """One person of a list; `code` is that of the school or host, None for a role in the region itself."""

    email: str | None = None
    name: str | None = None
    role: Role | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationFile:
    """The people of a list, what is wrong with them, and the columns that nobody knows."""

    name: str
    rows: tuple[InvitationRow, ...]
    problems: tuple[InputProblem, ...] = ()
    unknown_columns: tuple[str, ...] = ()


INVITATIONS = SheetSpec(
    "Invitations",
    "Uitnodigingen",
    InvitationRow,
    (
        Column("email", "E-mailadres", "E-mail", parse_email, "Wie u uitnodigt.", required=True,
               aliases=("e mail", "email", "mail"), width=34),
        Column("name", "Naam", "Name", at_most(120), "Hoe de mail begint; mag leeg zijn.", width=26),
        Column("role", "Rol", "Role", ROLES.parse, "Wat iemand wordt.", required=True, choices=ROLES.labels),
        Column("code", "Code", "Code", parse_code, "BRIN en vestiging, of de code van de aanbieder.",
               aliases=("brin", "school", "school of aanbieder", "vestigingscode")),
    ),
    ("email", "role", "code"),
    "Iedere rij is één uitnodiging.",
)  # fmt: skip


def examine_invitations(name: str, data: bytes) -> InvitationFile:
    """Return the people of a list, the broken rows too, and everything that is wrong with them.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read, or holds nobody or more than 2,000 rows.
    """
    table, problems = _read_table(name, data)
    if len(table.rows) > MOST_ROWS:
        raise refuse_file(name, f"Er staan meer dan {MOST_ROWS} rijen in. Verdeel de lijst.")
    read = read_sheet(table, INVITATIONS)
    if not read.rows and not read.problems:
        raise refuse_file(name, "Er staat niemand in dit bestand.")
    return InvitationFile(name, read.rows, (*problems, *read.problems), read.unknown_columns)


def write_template() -> bytes:
    """Return an empty list as CSV with an example of each sort; spreadsheets read it without asking."""
    lines = (
        ";".join(column.dutch for column in INVITATIONS.columns),
        "wt@school.example;W&T-coördinator;coördinator;00AB00",
        "info@bedrijf.example;Contactpersoon;contactpersoon;H001",
        "bestuur@regio.example;Bestuurslid;meelezer;",
    )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _read_table(name: str, data: bytes) -> tuple[Table, list[InputProblem]]:
    """Return the table of a CSV file, or the first one of a workbook, which is opened apart."""
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return read_delimited(name, data), []
    tables, problems = read_tables(name, data)
    if not tables:
        raise refuse_file(name, "Er staat niemand in dit bestand.")
    return tables[0], problems
