"""The mail that tells somebody what happened to their account, in time to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.devices import Browser, System
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.security_events import BY_OTHERS, SecurityEvent
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import speaking

_BROWSERS = {
    Browser.EDGE: "Edge",
    Browser.FIREFOX: "Firefox",
    Browser.CHROME: "Chrome",
    Browser.SAFARI: "Safari",
}
_SYSTEMS = {
    System.WINDOWS: "Windows",
    System.IPHONE: "iPhone",
    System.IPAD: "iPad",
    System.MAC: "Mac",
    System.ANDROID: "Android",
    System.CHROMEBOOK: "Chromebook",
    System.LINUX: "Linux",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFacts(CleanFacts):
    """Something that happened to an account.

    Parameters
    ----------
    uid
        Makes the mail unique; random.
    browser, system
        On what sort of device it was done; None where that is not known.
    provider
        Name of the account elsewhere, for what is about one.
    role, place
        Which role it is about, and at which school, host, board or region.
    """

    uid: str
    event: SecurityEvent
    at: datetime
    browser: Browser | None = None
    system: System | None = None
    provider: str = ""
    role: Role | None = None
    place: str = ""


def compose_security_notice(facts: SecurityFacts, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the notice to the owner of an account; it overtakes bulk mail.

    It holds no link that lets anybody in, and stands in no region's mail log: what people do with their
    account is of nobody else.
    """
    with speaking(recipient.language):
        words = {"title": _tell(facts), "device": _name_device(facts)}
    draft = Draft(
        kind=MessageKind.SECURITY_NOTICE,
        recipient=recipient,
        cause=f"security:{facts.uid}",
        lane=URGENT_LANE,
        facts={"notice": facts, "by_others": facts.event in BY_OTHERS, **words},
    )
    message = compose_message(draft, letterhead)
    message.region_id = None
    return message


def _tell(facts: SecurityFacts) -> str:
    role = _name_role(facts.role) if facts.role else ""
    return {
        SecurityEvent.PASSWORD_SET: _("Uw account heeft nu een wachtwoord"),
        SecurityEvent.PASSWORD_CHANGED: _("Uw wachtwoord is veranderd"),
        SecurityEvent.PASSWORD_REMOVED: _("Uw wachtwoord is verwijderd"),
        SecurityEvent.SECOND_STEP_ADDED: _("Inloggen vraagt nu ook een code uit een app"),
        SecurityEvent.SECOND_STEP_REMOVED: _("Inloggen vraagt geen code uit een app meer"),
        SecurityEvent.RECOVERY_CODE_USED: _("Er is een herstelcode van uw account gebruikt"),
        SecurityEvent.NEW_DEVICE: _("Er is ingelogd op een ander apparaat dan u gewend bent"),
        SecurityEvent.IDENTITY_LINKED: _("Inloggen kan nu ook via %(provider)s", provider=facts.provider),
        SecurityEvent.IDENTITY_UNLINKED: _(
            "Inloggen via %(provider)s kan niet meer", provider=facts.provider
        ),
        SecurityEvent.ROLE_GIVEN: _("U bent nu %(role)s van %(place)s", role=role, place=facts.place),
        SecurityEvent.ROLE_ENDED: _("U bent geen %(role)s meer van %(place)s", role=role, place=facts.place),
        SecurityEvent.DATA_EXPORTED: _("Uw persoonlijke gegevens zijn gedownload"),
    }[facts.event]


def _name_device(facts: SecurityFacts) -> str:
    """Return ``Chrome op Windows``; empty when nothing is known."""
    if facts.browser is None or facts.system is None:
        return ""
    browser = _BROWSERS.get(facts.browser) or _("Onbekende browser")
    return _("%(browser)s op %(system)s", browser=browser, system=_name_system(facts.system))


def _name_system(system: System) -> str:
    return _SYSTEMS.get(system) or _("een onbekend apparaat")


def _name_role(role: Role) -> str:
    return {
        Role.COORDINATOR: _("coördinator"),
        Role.TEACHER: _("leerkracht"),
        Role.HOST_CONTACT: _("contactpersoon"),
        Role.ORGANISER: _("organisator"),
        Role.VIEWER: _("meelezer"),
        Role.ADMINISTRATOR: _("beheerder"),
        Role.BOARD: _("contactpersoon"),
    }[role]
