"""The register of processing in words: why data is kept, of whom, how long, and how it goes.

A new table with personal data gets a line in `TABLES`; a column may get one in `COLUMNS`, and is else
named after its class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.inventory import DataClass, Eraser, Purpose
from matchmaker.domain.retention import INACTIVE_MONTHS, PERIODS, Retention
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext


@dataclass(frozen=True)
class PurposeWords:
    """Why data is kept, and who gets to see it."""

    title: Any
    why: Any
    basis: Any
    seen_by: Any
    recipients: Any


_NOBODY_ELSE = _l("Niemand buiten de site en wie haar beheert.")
_INTEREST = _l("Gerechtvaardigd belang: zonder contactpersonen kan het programma niet werken.")

PURPOSES: Mapping[Purpose, PurposeWords] = {
    Purpose.ACCOUNT: PurposeWords(
        _l("Weten wie u bent"),
        _l("Zo weten we voor welke school, aanbieder of regio u iets mag doen."),
        _INTEREST,
        _l("Uzelf, het regiobureau en uw collega’s. De andere partij pas als er een afspraak is."),
        _l("De school of aanbieder met wie u een afspraak hebt: uw naam, e-mailadres en telefoonnummer."),
    ),
    Purpose.PROGRAMME: PurposeWords(
        _l("Activiteiten plannen"),
        _l("Aanbod, wensen en afspraken van scholen en aanbieders."),
        _INTEREST,
        _l("De school, de aanbieder en het regiobureau. Het aanbod zelf is openbaar."),
        _l("De school of aanbieder met wie een afspraak is."),
    ),
    Purpose.MAIL: PurposeWords(
        _l("Mails sturen"),
        _l("Inloggen, uitslagen en afspraken. We houden bij of een mail is aangekomen."),
        _INTEREST,
        _l("U, en het regiobureau. Een mail om in te loggen ziet alleen u."),
        _l("De mailserver die de beheerder van de site heeft gekozen."),
    ),
    Purpose.SECURITY: PurposeWords(
        _l("Accounts beveiligen"),
        _l("Zo komt niemand anders in uw account, en kunt u zelf zien waar u bent ingelogd."),
        _l("Gerechtvaardigd belang: de site en uw account veilig houden."),
        _l("Alleen u. Codes en wachtwoorden bewaren we alleen versleuteld."),
        _NOBODY_ELSE,
    ),
    Purpose.ACCOUNTABILITY: PurposeWords(
        _l("Kunnen nagaan wie wat deed"),
        _l("Wie veranderde wat, en wanneer. Er staan geen namen of adressen in."),
        _l("Gerechtvaardigd belang: achteraf kunnen uitleggen wat er is gebeurd."),
        _l("Het regiobureau van uw regio."),
        _NOBODY_ELSE,
    ),
    Purpose.OPERATION: PurposeWords(
        _l("De site laten werken"),
        _l("Techniek: wat er nog te doen is en wat klaar is."),
        _l("Gerechtvaardigd belang: een site die werkt."),
        _l("De beheerder van de site."),
        _NOBODY_ELSE,
    ),
}

_CONTACTS = _l("contactpersonen, organisatoren en meelezers")
_WRITERS = _l("wie er in de tekst genoemd wordt")
TABLES: Mapping[str, tuple[Any, Any]] = {
    "user_account": (_l("Account"), _CONTACTS),
    "membership": (_l("Rol bij een school, aanbieder of regio"), _CONTACTS),
    "invitation": (_l("Uitnodigingen"), _l("wie uitgenodigd is")),
    "join_request": (_l("Verzoeken om mee te doen"), _l("wie zich aanmeldt")),
    "signed_question": (_l("Vragen aan leerkrachten"), _l("wie een vraag over een bezoek krijgt")),
    "invitation_list": (_l("Lijsten van mensen om uit te nodigen"), _l("wie op de lijst staat")),
    "sign_in_token": (_l("Links en codes om in te loggen"), _CONTACTS),
    "signed_in_device": (_l("Apparaten waarop u bent ingelogd"), _CONTACTS),
    "second_factor": (_l("App voor de tweede stap"), _CONTACTS),
    "recovery_code": (_l("Herstelcodes"), _CONTACTS),
    "outside_identity": (_l("Gekoppelde accounts elders"), _CONTACTS),
    "calendar_feed": (_l("Agenda’s waarop u bent geabonneerd"), _CONTACTS),
    "calendar_reply": (_l("Antwoorden uit agenda’s"), _l("wie een uitnodiging voor een bezoek krijgt")),
    "attempt_count": (_l("Aantal pogingen om in te loggen"), _l("iedereen die wil inloggen")),
    "message": (_l("Verstuurde mails"), _CONTACTS),
    "audit_entry": (_l("Logboek"), _l("wie iets verandert op de site")),
    "activity": (_l("Beschrijving van een activiteit"), _WRITERS),
    "allocation_run": (_l("Toewijzingen"), _l("organisatoren")),
    "analysis": (_l("Berekeningen"), _l("organisatoren")),
    "blocked_time": (_l("Tijden waarop een groep niet kan"), _WRITERS),
    "booking": (_l("Reden van een afzegging"), _WRITERS),
    "closed_day": (_l("Vrije dagen"), _WRITERS),
    "external_activity": (_l("Activiteiten elders"), _WRITERS),
}
"""What a table is called, and whose data it holds."""

COLUMNS: Mapping[str, Any] = {
    "user_account.name": _l("naam"),
    "user_account.language": _l("taal"),
    "user_account.phone": _l("telefoonnummer, als u dat geeft"),
    "user_account.password_hash": _l("wachtwoord, versleuteld"),
    "user_account.last_seen_at": _l("wanneer u voor het laatst inlogde"),
    "user_account.mail_trouble": _l("of mails aankomen"),
    "user_account.mail_trouble_at": _l("sinds wanneer mails niet aankomen"),
    "user_account.mail_trouble_reason": _l("waarom mails niet aankomen"),
    "message.subject": _l("onderwerp"),
    "message.body": _l("tekst van de mail"),
    "message.last_error": _l("antwoord van de mailserver"),
    "signed_in_device.browser": _l("soort browser"),
    "signed_in_device.system": _l("soort apparaat"),
    "signed_in_device.last_used_at": _l("wanneer voor het laatst gebruikt"),
    "invitation.name": _l("naam"),
    "invitation.role": _l("rol"),
    "outside_identity.issuer": _l("bij wie u een account hebt"),
    "outside_identity.subject": _l("uw kenmerk daar, geen naam of adres"),
    "join_request.name": _l("naam"),
    "join_request.remark": _l("opmerking"),
    "join_request.reason": _l("reden van een afwijzing"),
    "signed_question.name": _l("naam of functie"),
    "signed_question.remark": _l("reden of opmerking"),
    "calendar_reply.comment": _l("toelichting"),
    "membership.role": _l("rol"),
    "membership.since": _l("vanaf"),
    "user_account.inactive_notice_at": _l("wanneer we vroegen of u wilt blijven"),
    "user_account.password_set_at": _l("wachtwoord ingesteld"),
    "message.kind": _l("soort"),
    "message.sent_at": _l("verstuurd"),
    "message.state": _l("stand"),
    "signed_in_device.signed_in_at": _l("ingelogd"),
    "sign_in_token.expires_at": _l("geldig tot"),
    "sign_in_token.used_at": _l("gebruikt"),
    "audit_entry.action": _l("wat u deed"),
    "audit_entry.object_type": _l("waarmee"),
    "membership.until": _l("tot en met"),
    "organisation_id": _l("organisatie"),
    "region_id": _l("regio"),
    "created_at": _l("gemaakt"),
    "email": _l("e-mailadres"),
    "recipient": _l("e-mailadres"),
}
"""What a column is called; by table and name, or by name alone."""

CLASSES: Mapping[DataClass, Any] = {
    DataClass.TECHNICAL: _l("werking van de site"),
    DataClass.ORGANISATION: _l("gegevens van een organisatie"),
    DataClass.STATISTICS: _l("aantallen"),
    DataClass.IDENTITY: _l("wie het is"),
    DataClass.CONTACT: _l("hoe u te bereiken bent"),
    DataClass.SECURITY: _l("veilig inloggen"),
    DataClass.CONTENT: _l("tekst die iemand schrijft"),
}

ERASERS: Mapping[Eraser, Any] = {
    Eraser.KEPT: _l("blijft: het gaat niet over een persoon"),
    Eraser.NAMELESS: _l("blijft, zonder naam"),
    Eraser.BLANKED: _l("wordt leeggemaakt"),
    Eraser.REPLACED: _l("wordt onherkenbaar gemaakt"),
    Eraser.EXPIRES: _l("is niet te herleiden en verdwijnt vanzelf"),
    Eraser.ROW: _l("wordt verwijderd"),
    Eraser.STRUCK: _l("uw e-mailadres en telefoonnummer worden doorgehaald"),
}


def period_words(retention: Retention) -> str:
    """Return how long, such as ``30 dagen``."""
    if retention is Retention.PROGRAMME:
        return _("zolang de regio meedoet")
    if retention is Retention.ACCOUNT:
        return _(
            "tot u uw account verwijdert, of %(months)s maanden niet bent geweest", months=INACTIVE_MONTHS
        )
    return ngettext("%(num)s dag", "%(num)s dagen", PERIODS[retention].days)
