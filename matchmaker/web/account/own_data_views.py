"""One's own data: read it, take it along, or have it erased; and keep an account that would go."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import LastOrganiserError, NotFoundError
from matchmaker.queries.people import list_sole_organisations, list_sole_regions
from matchmaker.scope import unscoped
from matchmaker.services.erasing import erase_person
from matchmaker.services.inactivity import find_keeper, keep_account
from matchmaker.services.personal_export import export_person
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.account.forms import EraseForm
from matchmaker.web.account.own_data import build_own_data
from matchmaker.web.account.views import account, forget_visitor
from matchmaker.web.downloads import json_file
from matchmaker.web.errors import sentence_for
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@account.get("/mijn/gegevens")
@access(SignedIn(recent=True))
def show_own_data() -> str:
    """Show all that is kept about the person."""
    return render_template("account/own_data.html", tables=build_own_data(get_visitor().id))


@account.post("/mijn/gegevens/downloaden")
@access(SignedIn(recent=True))
def download_own_data() -> FileResponse:
    """Give the person the same as a file that other systems can read."""
    visitor = get_visitor()
    return json_file(export_person(visitor.id, actor_id=visitor.id), "mijn gegevens")


@account.get("/mijn/account-verwijderen")
@access(SignedIn(recent=True))
def show_erasing() -> str:
    """Say what goes and what stays, and ask for a word that nobody types by accident."""
    return _erasing_page(EraseForm())


@account.post("/mijn/account-verwijderen")
@access(SignedIn(recent=True))
def erase_account() -> str | Response:
    """Erase the person for good."""
    form, visitor = EraseForm(), get_visitor()
    if not form.validate_on_submit():
        return _erasing_page(form)
    try:
        erase_person(visitor.id, actor_id=visitor.id)
    except LastOrganiserError as error:
        form.word.errors = [sentence_for(error)]
        return _erasing_page(form)
    forget_visitor()
    flash(_("Uw account en uw gegevens zijn verwijderd. Bedankt voor uw inzet."), "ok")
    return redirect(url_for("public.show_start"))


@account.get("/account-houden/<string:token>")
@access(Public())
def show_keeping(token: str) -> str:
    """Ask whether somebody wants to keep an account that nobody has used."""
    if find_keeper(token) is None:
        raise NotFoundError
    return render_template("account/keep.html", token=token)


@account.post("/account-houden/<string:token>")
@access(Public())
def keep(token: str) -> Response:
    """Keep the account; this signs nobody in."""
    keep_account(token)
    flash(_("Fijn dat u blijft. Uw account blijft bestaan."), "ok")
    return redirect(url_for("account.show_sign_in"))


def _erasing_page(form: EraseForm) -> str:
    visitor = get_visitor()
    with unscoped("what one person alone answers for"):
        return render_template(
            "account/erase.html",
            form=form,
            email=visitor.email,
            sole_regions=[region.name for region in list_sole_regions(visitor.id)],
            sole_organisations=[organisation.name for organisation in list_sole_organisations(visitor.id)],
        )
