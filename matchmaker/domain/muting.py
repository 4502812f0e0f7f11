"""The sorts of mail that there are, and which of them a person may do without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.kinds import HOST_ROLES, REGION_ROLES, SCHOOL_ROLES, MessageKind, Role


class MailFamily(StrEnum):
    """A sort of mail as people know it. Of the first four, something goes wrong when nobody reads them."""

    ACCOUNT = "account"
    VISITS = "visits"
    QUESTIONS = "questions"
    PEOPLE = "people"
    OVERVIEWS = "overviews"
    ROUNDS = "rounds"
    REMINDERS = "reminders"
    THANKS = "thanks"
    DIGEST = "digest"

    @property
    def is_essential(self) -> bool:
        """Tell whether everybody gets these mails, whatever they choose."""
        return self in {MailFamily.ACCOUNT, MailFamily.VISITS, MailFamily.QUESTIONS, MailFamily.PEOPLE}


# To which sort each mail belongs; a new kind needs one line here and nothing else.
FAMILY_OF: Mapping[MessageKind, MailFamily] = MappingProxyType(
    {
        MessageKind.SIGN_IN: MailFamily.ACCOUNT,
        MessageKind.INACTIVE_NOTICE: MailFamily.ACCOUNT,
        MessageKind.INVITATION: MailFamily.ACCOUNT,
        MessageKind.SECURITY_NOTICE: MailFamily.ACCOUNT,
        MessageKind.TRIAL: MailFamily.ACCOUNT,
        MessageKind.VISIT_SCHOOL: MailFamily.VISITS,
        MessageKind.VISIT_HOST: MailFamily.VISITS,
        MessageKind.PLACE_OFFERED: MailFamily.VISITS,
        MessageKind.DIGEST: MailFamily.DIGEST,
        MessageKind.OFFER_ANSWERED: MailFamily.VISITS,
        MessageKind.VISIT_CHANGED_SCHOOL: MailFamily.VISITS,
        MessageKind.VISIT_CHANGED_HOST: MailFamily.VISITS,
        MessageKind.VISIT_CANCELLED_SCHOOL: MailFamily.VISITS,
        MessageKind.VISIT_CANCELLED_HOST: MailFamily.VISITS,
        MessageKind.VISIT_CHANGED_OFFICE: MailFamily.VISITS,
        MessageKind.CALENDAR_ANSWER: MailFamily.VISITS,
        MessageKind.VISIT_REMINDER: MailFamily.VISITS,
        MessageKind.DAY_SHEET: MailFamily.VISITS,
        MessageKind.VISIT_THANKS: MailFamily.THANKS,
        MessageKind.FEEDBACK_REMINDER: MailFamily.THANKS,
        MessageKind.HOST_THANKS: MailFamily.THANKS,
        MessageKind.QUESTION: MailFamily.QUESTIONS,
        MessageKind.QUESTION_ANSWERED: MailFamily.QUESTIONS,
        MessageKind.JOIN_RECEIVED: MailFamily.PEOPLE,
        MessageKind.JOIN_REFUSED: MailFamily.PEOPLE,
        MessageKind.JOIN_ASKED: MailFamily.PEOPLE,
        MessageKind.CONTACT_LEFT: MailFamily.PEOPLE,
        MessageKind.MAIL_RETURNED: MailFamily.PEOPLE,
        MessageKind.PASSED_ON: MailFamily.PEOPLE,
        MessageKind.RESULT_SCHOOL: MailFamily.OVERVIEWS,
        MessageKind.RESULT_HOST: MailFamily.OVERVIEWS,
        MessageKind.RESULT_SCHOOLS: MailFamily.OVERVIEWS,
        MessageKind.OFFERING_OPENS: MailFamily.ROUNDS,
        MessageKind.WISHING_OPENS: MailFamily.ROUNDS,
        MessageKind.WISHES_RECEIVED: MailFamily.ROUNDS,
        MessageKind.OFFERING_REMINDER: MailFamily.REMINDERS,
        MessageKind.WISHING_REMINDER: MailFamily.REMINDERS,
    }
)

# Who gets mails of a sort at all; those that are not named here go to everybody.
_RECIPIENTS: Mapping[MailFamily, frozenset[Role]] = MappingProxyType(
    {
        MailFamily.VISITS: SCHOOL_ROLES | HOST_ROLES | REGION_ROLES,
        MailFamily.QUESTIONS: SCHOOL_ROLES | REGION_ROLES,
        MailFamily.PEOPLE: REGION_ROLES,
        MailFamily.OVERVIEWS: SCHOOL_ROLES | HOST_ROLES,
        MailFamily.ROUNDS: SCHOOL_ROLES | HOST_ROLES,
        MailFamily.REMINDERS: SCHOOL_ROLES | HOST_ROLES,
        MailFamily.THANKS: SCHOOL_ROLES | HOST_ROLES,
        MailFamily.DIGEST: REGION_ROLES,
    }
)


def is_wanted(kind: MessageKind, mutes: Iterable[str]) -> bool:
    """Tell whether somebody gets mails of a kind.

    Parameters
    ----------
    mutes
        Values of the families that the person does not want; essential ones have no effect.
    """
    family = FAMILY_OF[kind]
    return family.is_essential or family.value not in set(mutes)


def list_kinds(family: MailFamily) -> tuple[MessageKind, ...]:
    """Return the kinds of a family, in the order of the table."""
    return tuple(kind for kind, own in FAMILY_OF.items() if own is family)


def list_families(roles: Iterable[Role]) -> tuple[MailFamily, ...]:
    """Return the families of which somebody with these roles can get mails, essential ones first."""
    own = frozenset(roles)
    return tuple(
        family
        for family in MailFamily
        if list_kinds(family) and (family not in _RECIPIENTS or _RECIPIENTS[family] & own)
    )
