"""The audit log in sentences: one for every act, and words for what changed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.kinds import ApprovalState, Role, SlotState
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.phases import Phase
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.domain.runs import MessageState, RunState, Verdict
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _

# For each act: what it is called in the filter, and the sentence about it.
ACTS: Mapping[str, tuple[Any, Any]] = {
    "accept_invitation": (
        _l("uitnodiging aangenomen"),
        _l("%(who)s nam een uitnodiging aan: %(role)s"),
    ),
    "add_host": (_l("aanbieder toegevoegd"), _l("%(who)s voegde de aanbieder %(what)s toe")),
    "add_membership": (_l("rol gegeven"), _l("%(who)s kende de rol %(role)s toe")),
    "add_second_factor": (_l("app toegevoegd"), _l("%(who)s voegde een app toe voor de tweede stap")),
    "answer_invitation": (
        _l("antwoord uit een agenda"),
        _l("Een agenda antwoordde op een uitnodiging: %(answer)s"),
    ),
    "answer_question": (
        _l("vraag beantwoord"),
        _l("Een leerkracht antwoordde op een vraag over een bezoek: %(answer)s"),
    ),
    "approve_join_request": (
        _l("aanvraag goedgekeurd"),
        _l("%(who)s keurde een aanvraag goed: %(role)s"),
    ),
    "ask_teacher": (_l("leerkracht gevraagd"), _l("%(who)s stelde een leerkracht een vraag: %(purpose)s")),
    "ask_to_join": (_l("toegang gevraagd"), _l("%(who)s vroeg toegang als %(role)s")),
    "cancel_analysis": (_l("berekening gestopt"), _l("%(who)s stopte een berekening")),
    "cancel_booking": (_l("bezoek afgezegd"), _l("%(who)s zei het bezoek van %(what)s af")),
    "cancel_run": (_l("toewijzing gestopt"), _l("%(who)s stopte %(what)s")),
    "change_own_details": (_l("gegevens veranderd"), _l("%(who)s veranderde de eigen naam of het nummer")),
    "choose_appointments": (
        _l("afspraken in mails gekozen"),
        _l("%(who)s koos of mails een afspraak voor de agenda hebben"),
    ),
    "change_phase": (_l("fase veranderd"), _l("%(who)s bracht %(what)s in de fase ‘%(phase)s’")),
    "change_region_settings": (
        _l("instellingen veranderd"),
        _l("%(who)s veranderde de instellingen van de regio"),
    ),
    "end_membership": (_l("rol beëindigd"), _l("%(who)s beëindigde een rol: %(role)s")),
    "erase_person": (_l("account gewist"), _l("%(who)s wiste een account")),
    "clear_mail_trouble": (
        _l("e-mailadres weer goed"),
        _l("%(who)s stelde vast dat een e-mailadres weer werkt"),
    ),
    "export_person": (_l("gegevens meegenomen"), _l("%(who)s nam de gegevens van een account mee")),
    "finish_run": (_l("toewijzing afgerond"), _l("%(who)s rondde %(what)s af: %(state)s")),
    "hand_over_role": (_l("rol overgedragen"), _l("%(who)s droeg een rol over: %(role)s")),
    "import_hosts": (_l("aanbieders ingelezen"), _l("%(who)s las een lijst van aanbieders in")),
    "import_postcodes": (_l("postcodes ingelezen"), _l("%(who)s las een lijst van postcodes in")),
    "import_schools": (_l("scholen ingelezen"), _l("%(who)s las een lijst van scholen in")),
    "import_workbook": (_l("werkmap ingelezen"), _l("%(who)s las een werkmap van de regio in")),
    "invite": (_l("uitgenodigd"), _l("%(who)s nodigde iemand uit als %(role)s")),
    "keep_account": (_l("account gehouden"), _l("%(who)s wilde het account houden")),
    "keep_visit": (
        _l("bezoek gaat door"),
        _l("%(who)s liet weten dat een bezoek doorgaat, al was het in een agenda afgeslagen"),
    ),
    "link_identity": (_l("account elders gekoppeld"), _l("%(who)s koppelde een account elders")),
    "mark_address": (
        _l("probleem met e-mailadres"),
        _l("%(who)s noteerde een probleem met een e-mailadres: %(trouble)s"),
    ),
    "mark_example": (_l("voorbeeldregio gemaakt"), _l("%(who)s maakte van deze regio een voorbeeld")),
    "pause_sending": (_l("mails tegengehouden"), _l("%(who)s liet de mails wachten")),
    "move_slot": (_l("tijdvak verzet"), _l("%(who)s verzette het tijdvak %(what)s")),
    "publish_run": (_l("toewijzing gepubliceerd"), _l("%(who)s publiceerde %(what)s")),
    "read_invitation_list": (
        _l("lijst van mensen ingelezen"),
        _l("%(who)s las een lijst van mensen in om uit te nodigen"),
    ),
    "refuse_join_request": (
        _l("aanvraag afgewezen"),
        _l("%(who)s wees een aanvraag af: %(role)s"),
    ),
    "refuse_publication": (_l("publiceren geweigerd"), _l("%(who)s kon %(what)s niet publiceren")),
    "refuse_second_factor": (_l("tweede stap geweigerd"), _l("%(who)s gaf een verkeerde code")),
    "remove_password": (_l("wachtwoord verwijderd"), _l("%(who)s verwijderde een wachtwoord")),
    "remove_second_factor": (_l("app verwijderd"), _l("%(who)s verwijderde de app voor de tweede stap")),
    "request_blind_spots": (_l("witte vlekken gezocht"), _l("%(who)s liet witte vlekken zoeken in %(what)s")),
    "request_placement_price": (
        _l("prijs van een plaats gevraagd"),
        _l("%(who)s vroeg bij %(what)s wat een andere plaats zou kosten"),
    ),
    "request_publication": (_l("publicatie gevraagd"), _l("%(who)s vroeg om %(what)s te publiceren")),
    "request_school_changes": (
        _l("uitleg voor een school gevraagd"),
        _l("%(who)s vroeg bij %(what)s wat een school had kunnen doen"),
    ),
    "resend_message": (_l("mail opnieuw verstuurd"), _l("%(who)s liet een mail opnieuw versturen")),
    "send_trial": (_l("proefmail gestuurd"), _l("%(who)s stuurde zichzelf een proefmail")),
    "resend_messages": (
        _l("mails opnieuw verstuurd"),
        _l("%(who)s liet mails opnieuw versturen: %(messages)s"),
    ),
    "resume_sending": (_l("mails vrijgegeven"), _l("%(who)s liet de mails weer vertrekken")),
    "revoke_invitation": (
        _l("uitnodiging ingetrokken"),
        _l("%(who)s trok een uitnodiging in: %(role)s"),
    ),
    "send_invitation_list": (
        _l("lijst van mensen verstuurd"),
        _l("%(who)s nodigde een lijst van mensen uit"),
    ),
    "set_password": (_l("wachtwoord ingesteld"), _l("%(who)s stelde een wachtwoord in")),
    "resume_mails": (
        _l("mails weer aangezet"),
        _l("Met de link in een mail zijn mails weer aangezet"),
    ),
    "set_preferences": (_l("voorkeuren veranderd"), _l("%(who)s veranderde de eigen voorkeuren")),
    "settle_answer": (
        _l("antwoord afgehandeld"),
        _l("%(who)s handelde het antwoord van een leerkracht af"),
    ),
    "sign_in": (_l("ingelogd"), _l("%(who)s logde in")),
    "sign_out": (_l("uitgelogd"), _l("%(who)s logde uit")),
    "sign_out_device": (_l("apparaat uitgelogd"), _l("%(who)s logde een apparaat uit")),
    "sign_out_everywhere": (_l("overal uitgelogd"), _l("%(who)s logde overal uit")),
    "start_run": (_l("toewijzing gestart"), _l("%(who)s startte %(what)s")),
    "stop_mails": (_l("mails uitgezet"), _l("Met de link in een mail zijn mails uitgezet")),
    "make_calendar_feed": (_l("link voor een agenda gemaakt"), _l("%(who)s maakte een link voor een agenda")),
    "end_calendar_feed": (
        _l("link voor een agenda beëindigd"),
        _l("%(who)s beëindigde een link voor een agenda"),
    ),
    "unlink_identity": (_l("account elders losgemaakt"), _l("%(who)s maakte een account elders los")),
    "use_recovery_code": (_l("herstelcode gebruikt"), _l("%(who)s gebruikte een herstelcode")),
    "withdraw_slot": (_l("tijdvak ingetrokken"), _l("%(who)s trok het tijdvak %(what)s in")),
    "withdraw_question": (_l("vraag ingetrokken"), _l("%(who)s trok een vraag aan een leerkracht in")),
    "warn_inactive": (_l("gewaarschuwd"), _l("%(who)s waarschuwde iemand die lang niet kwam")),
}
FACTS: Mapping[str, Any] = {
    "answer": _l("antwoord"),
    "address": _l("plek"),
    "bookings": _l("boekingen"),
    "browser": _l("soort browser"),
    "by_mail": _l("in de mail"),
    "changed": _l("veranderd"),
    "devices": _l("apparaten"),
    "family": _l("soort mail"),
    "ends": _l("einde"),
    "messages": _l("berichten"),
    "new": _l("nieuw"),
    "people": _l("mensen"),
    "phase": _l("fase"),
    "purpose": _l("vraag"),
    "rating": _l("oordeel"),
    "problems": _l("problemen"),
    "reason": _l("reden"),
    "role": _l("rol"),
    "round": _l("ronde"),
    "seconds": _l("seconden"),
    "sent": _l("verstuurd"),
    "settings": _l("instellingen"),
    "starts": _l("begin"),
    "state": _l("stand"),
    "system": _l("apparaat"),
    "trouble": _l("probleem"),
    "unchanged": _l("ongewijzigd"),
    "verdict": _l("controle"),
}
_KINDS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "family": (MailFamily,),
    "answer": (Answer, CalendarAnswer),
    "phase": (Phase,),
    "purpose": (QuestionPurpose,),
    "role": (Role,),
    "state": (RunState, ApprovalState, MessageState, BookingState, SlotState),
    "trouble": (MailTrouble,),
    "verdict": (Verdict,),
}


class _Words(dict[str, str]):
    """What a sentence may name; what the entry does not tell shows as an ellipsis."""

    def __missing__(self, _name: str) -> str:
        return "…"


def tell(action: str, who: str, what: str, after: Mapping[str, Any] | None) -> str:
    """Return the sentence about an act, in the language of the page, without a full stop."""
    facts = {name: tell_value(name, value) for name, value in (after or {}).items()}
    words = _Words({**facts, "who": who, "what": what or _("iets")})
    known = ACTS.get(action)
    sentence = str(known[1]) if known else _("%(who)s deed: %(action)s", who=who, action=action)
    return sentence % words if known else sentence


def name_act(action: str) -> str:
    """Return what an act is called in a list of choices."""
    known = ACTS.get(action)
    return str(known[0]) if known else action.replace("_", " ")


def name_fact(name: str) -> str:
    """Return what a fact is called; a name without words stays as it is."""
    return str(FACTS.get(name, name.replace("_", " ")))


def tell_value(name: str, value: Any) -> str:
    """Return a value of an entry as people read it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, Mapping):
        named = ((str(key), each) for key, each in value.items())
        return ", ".join(f"{name_fact(key)}: {tell_value(key, each)}" for key, each in named)
    if isinstance(value, list):
        return ", ".join(tell_value(name, inner) for inner in value)
    kind = next((kind for kind in _KINDS.get(name, ()) if value in set(kind)), None)
    return label(kind(value)) if kind else str(value)
