"""Words for refusals and friendly pages for everything that goes wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import singledispatch

from flask import Flask, current_app, flash, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from matchmaker import trace
from matchmaker.domain import errors
from matchmaker.domain.passwords import Weakness
from matchmaker.domain.phases import Phase
from matchmaker.web.hosts import ForeignPage, UnknownHost, is_own_host, is_sent_elsewhere
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.stale_forms import read_stale_form

WORDS = {
    400: (
        _l("Deze vraag begrijpen we niet"),
        _l("Er ging iets mis met het adres of het formulier. Ga terug en probeer het nog eens."),
    ),
    403: (
        _l("Dit mag u hier niet doen"),
        _l("Uw rol geeft geen toegang tot deze handeling. Vraag het regiobureau om hulp."),
    ),
    404: (
        _l("Deze pagina is er niet"),
        _l("Misschien is de pagina verplaatst, of hoort hij bij een andere organisatie dan de uwe."),
    ),
    405: (_l("Dit kan zo niet"), _l("Deze pagina kunt u niet op deze manier openen.")),
    409: (
        _l("Er is intussen iets veranderd"),
        _l("Iemand anders was net voor u. Bekijk de pagina opnieuw en probeer het dan nog eens."),
    ),
    413: (_l("Dit bestand is te groot"), _l("Stuur hoogstens 12 MB per keer.")),
    429: (_l("Even wachten"), _l("U probeerde dit net te vaak. Probeer het over een kwartier opnieuw.")),
    500: (
        _l("Er ging bij ons iets mis"),
        _l("Het ligt niet aan u. Er is niets verloren. Probeer het over een paar minuten opnieuw."),
    ),
}
CSRF_WORDS = (
    _l("Deze pagina stond te lang open"),
    _l("Uw formulier is voor de veiligheid niet verstuurd. Vernieuw de pagina en probeer het opnieuw."),
)
FOREIGN_PAGE_WORDS = (
    _l("Dit formulier kwam niet van onze site"),
    _l("Er is niets gedaan. Open de site zelf en vul het formulier daar in."),
)

HOST_WORDS = (
    _l("Dit adres hoort niet bij deze site"),
    _l("Open de site via het adres dat u van het regiobureau kreeg."),
)


# Pages that must be the same to the byte, whoever asks for what: without the id of the request.
ALIKE = {404, 429}


def register_errors(app: Flask) -> None:
    """Show a page in plain words for every error."""
    app.register_error_handler(errors.NotFoundError, _show_missing)
    app.register_error_handler(errors.QuestionGoneError, _show_gone)
    app.register_error_handler(errors.DomainError, _show_refusal)
    app.register_error_handler(errors.TooManyAttemptsError, _show_wait)
    app.register_error_handler(UnknownHost, _show_unknown_host)
    app.register_error_handler(ForeignPage, _show_foreign_page)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(HTTPException, _show_http_error)


@singledispatch
def sentence_for(error: errors.DomainError) -> str:
    """Return the sentence that tells a person why something was refused."""
    for kind, sentence in _sentences().items():
        if isinstance(error, kind):
            return sentence
    return _("Dit kan nu niet. Bekijk de pagina opnieuw en probeer het dan nog eens.")


@sentence_for.register
def _word_wrong_phase(error: errors.WrongPhaseError) -> str:
    return _("Dit kan niet in de fase ‘%(phase)s’ van de ronde.", phase=label(Phase(error.phase)))


@sentence_for.register
def _word_weak_password(error: errors.WeakPasswordError) -> str:
    return {
        Weakness.TOO_SHORT: _("Gebruik minstens 12 tekens."),
        Weakness.TOO_LONG: _("Gebruik hoogstens 256 tekens."),
        Weakness.EASY_TO_GUESS: _("Dit wachtwoord is te makkelijk te raden. Kies een ander."),
    }[Weakness(error.weakness)]


@sentence_for.register
def _word_too_many_attempts(error: errors.TooManyAttemptsError) -> str:
    return ngettext(
        "U probeerde dit te vaak. Over %(num)d minuut kunt u het weer proberen.",
        "U probeerde dit te vaak. Over %(num)d minuten kunt u het weer proberen.",
        max(1, math.ceil(error.wait / timedelta(minutes=1))),
    )


@sentence_for.register
def _word_last_organiser(error: errors.LastOrganiserError) -> str:
    return _(
        "U bent de enige die %(regions)s organiseert. Laat eerst iemand anders organisator worden.",
        regions=", ".join(error.regions),
    )


@sentence_for.register
def _word_outside_sign_in(error: errors.OutsideSignInError) -> str:
    name = error.provider or _("de andere site")
    if isinstance(error, errors.StaleReturnError):
        return _("Deze poging is verlopen of al gebruikt. Begin opnieuw.")
    if isinstance(error, errors.ProviderUnreachableError):
        return _("%(name)s geeft nu geen antwoord. Probeer het later, of log in met een mail.", name=name)
    if isinstance(error, errors.ProviderRefusalError):
        return _("U bent gestopt bij %(name)s, of u kwam daar niet verder.", name=name)
    return _("Het antwoord van %(name)s klopt niet. Log in met een mail.", name=name)


@contextmanager
def refusal_as_message() -> Iterator[None]:
    """Tell a refusal at the top of the next page; what is missing stays a missing page."""
    try:
        yield
    except errors.NotFoundError:
        raise
    except errors.DomainError as error:
        flash(sentence_for(error), "stop")


def _sentences() -> dict[type[errors.DomainError], str]:
    return {
        errors.RunNotUsableError: _("Deze toewijzing heeft geen uitslag die de controle heeft doorstaan."),
        errors.NoCalendarLinkError: _(
            "Maak eerst een link voor uw agenda. Anders staan uw bezoeken nergens."
        ),
        errors.RunImaginedError: _(
            "Deze toewijzing rekent met iets wat er niet is: een aanbieder erbij, of een andere reisafstand. "
            "Zo’n uitslag kunt u niet publiceren."
        ),
        errors.UnknownScenarioHostError: _(
            "Een aanbieder die u koos, doet niet meer mee aan deze ronde. Kies opnieuw."
        ),
        errors.AnalysisActiveError: _("Dit wordt al uitgerekend. Wacht tot het klaar is."),
        errors.RunOutdatedError: _(
            "De gegevens zijn veranderd nadat deze toewijzing begon. Start een nieuwe toewijzing."
        ),
        errors.RunActiveError: _("Er loopt al een toewijzing voor deze ronde. Wacht tot die klaar is."),
        errors.RunTooLateError: _("Dit is al klaar. Er is niets meer om te stoppen."),
        errors.SignInCodeError: _("Deze code klopt niet of is verlopen. Vraag zo nodig een nieuwe aan."),
        errors.SecondFactorError: _("Deze code klopt niet. Wacht op de volgende code van de app en typ die."),
        errors.MessageOutdatedError: _(
            "Deze mail klopt niet meer: er is een nieuwere, of het bezoek is veranderd of voorbij."
        ),
        errors.MessageTextGoneError: _(
            "De tekst van deze mail bewaren we niet meer. U kunt de mail niet opnieuw versturen."
        ),
        errors.TransitionError: _("Deze stap past niet bij de stand van nu. Bekijk de pagina opnieuw."),
        errors.IdentityTakenError: _("Dit account is al gekoppeld aan iemand anders."),
        errors.UnknownIdentityError: _("Dit account is hier nog niet gekoppeld"),
        errors.JoiningClosedError: _("Aanmelden kan nu niet. Neem contact op met het regiobureau."),
        errors.JoinRequestDecidedError: _("Over dit verzoek is al beslist. Bekijk de pagina opnieuw."),
        errors.EditConflictError: _("Iemand anders heeft dit intussen veranderd. Bekijk de pagina opnieuw."),
        errors.NothingToAskError: _(
            "Over dit bezoek valt nu niets te vragen: het is aan de gang, lang geleden of afgezegd."
        ),
        errors.TooManyQuestionsError: _(
            "Er gingen vandaag al veel vragen naar dit adres of over dit bezoek. "
            "Bel of spreek de leerkracht, of wacht tot morgen."
        ),
        errors.AnswerRefusedError: _("Dit antwoord past niet bij de vraag. Kies een van de antwoorden."),
        errors.TooManyAnswersError: _(
            "Dit antwoord is al vaak gewijzigd. Bel of spreek de coördinator van uw school."
        ),
        errors.VisitGoneError: _("Dit bezoek is al afgezegd."),
        errors.VisitBegunError: _("Dit bezoek is al begonnen of geweest. Bel elkaar."),
        errors.NothingMovedError: _("Het tijdvak staat al op deze tijd en plek."),
        errors.MomentPastError: _("Kies een tijd die nog komt."),
        errors.GroupsCannotComeError: _("Niet iedereen kan dan. Kies een andere tijd."),
        errors.QuestionGoneError: _("Deze vraag is er niet meer."),
        errors.PasswordRefusedError: _("E-mailadres of wachtwoord klopt niet."),
        errors.InvitationError: _("Deze uitnodiging is er niet meer. Bekijk de pagina opnieuw."),
        errors.AlreadyMemberError: _("Deze persoon heeft deze rol al."),
        errors.UnusableAddressError: _("Naar dit e-mailadres kunnen we geen mail sturen."),
        errors.RoleNotAllowedError: _("Deze rol bestaat hier niet, of u mag er niet over beslissen."),
        errors.TooManyTrialsError: _("U stuurde net al een paar proefmails. Wacht een kwartier."),
        errors.TooManyInvitationsError: _(
            "Dit adres kreeg vandaag al vijf uitnodigingen. Vraag of de mail bij de ongewenste mail zit."
        ),
    }


def _show(code: int, title: object, text: object) -> tuple[str, int]:
    # What is missing and what belongs to others look the same, to the letter.
    request_id = "" if code in ALIKE else trace.current().request_id
    page = render_template(
        "errors/error.html", code=code, title=str(title), text=str(text), request_id=request_id
    )
    return page, code


def _show_missing(_error: errors.NotFoundError) -> tuple[str, int]:
    return _show(404, *WORDS[404])


def _show_gone(_error: errors.QuestionGoneError) -> tuple[str, int]:
    return render_template("public/question_gone.html"), 404


def _show_wait(error: errors.TooManyAttemptsError) -> tuple[str, int, dict[str, str]]:
    seconds = max(1, math.ceil(error.wait.total_seconds()))
    return *_show(429, WORDS[429][0], sentence_for(error)), {"Retry-After": str(seconds)}


def _show_unknown_host(_error: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Answer in plain text: under a name that is not ours no address of a page or file can be made."""
    return "\n".join(map(str, HOST_WORDS)), 400, {"Content-Type": "text/plain; charset=utf-8"}


def _show_refusal(error: errors.DomainError) -> tuple[str, int]:
    return _show(409, WORDS[409][0], sentence_for(error))


def _show_foreign_page(_error: HTTPException) -> tuple[str, int]:
    return _show(400, *FOREIGN_PAGE_WORDS)


def _show_stale_form(error: CSRFError) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Keep what was typed, unless the request itself says that no page of ours sent it."""
    if not is_own_host():
        return _show_unknown_host(error)
    if is_sent_elsewhere():
        return _show_foreign_page(error)
    form = read_stale_form()
    if not form.fields and not form.has_files:
        return _show(400, *CSRF_WORDS)
    title = str(CSRF_WORDS[0])
    return render_template("errors/stale_form.html", code=400, title=title, form=form), 400


def _show_http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or InternalServerError.code
    if code < 400:
        return error
    if code >= InternalServerError.code:
        current_app.logger.error("request %s ended in %s", trace.current().request_id, code)
    return _show(code, *WORDS.get(code, WORDS[400] if code < 500 else WORDS[500]))
