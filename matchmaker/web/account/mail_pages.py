"""What the page on which people choose their mails shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.domain.muting import MailFamily, list_families, list_kinds
from matchmaker.models import User
from matchmaker.queries.mail_log import list_last_sent
from matchmaker.scope import unscoped
from matchmaker.web.identity import Visitor
from matchmaker.web.mail_families import FAMILY_NOTES


@dataclass(frozen=True)
class FamilyLine:
    """A sort of mail, whether the person gets it, and when the last one left."""

    family: MailFamily
    note: Any
    is_wanted: bool
    last_at: datetime | None


@dataclass(frozen=True)
class MailPage:
    """The sorts of mail that the person can choose, and those that everybody gets."""

    optional: list[FamilyLine]
    essential: list[FamilyLine]


def build_mail_page(visitor: Visitor, user: User) -> MailPage:
    """Load when the person got mails of each sort, and set that beside what they chose."""
    with unscoped("mails that one person got"):
        last = list_last_sent(user.id)
    lines = [
        FamilyLine(
            family,
            FAMILY_NOTES[family],
            family.is_essential or family.value not in user.mutes,
            max((last[kind] for kind in list_kinds(family) if kind in last), default=None),
        )
        for family in list_families(membership.role for membership in visitor.memberships)
    ]
    return MailPage(
        optional=[line for line in lines if not line.family.is_essential],
        essential=[line for line in lines if line.family.is_essential],
    )
