"""A host moves one of its slots, or withdraws it."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.errors import (
    EditConflictError,
    GroupsCannotComeError,
    NothingMovedError,
    VisitGoneError,
)
from matchmaker.domain.permissions import Permission
from matchmaker.services.moving import move_slot, withdraw_slot
from matchmaker.web.access import HostMember, access, current_host
from matchmaker.web.errors import refusal_as_message, sentence_for
from matchmaker.web.host.slot_pages import SlotPage, build_slot_page, look_ahead
from matchmaker.web.host.views import host
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.visit_forms import CancelForm, MoveForm, values_of

MAY_MANAGE = HostMember("host_id", Permission.MANAGE_SLOTS)


@host.get("/aanbieder/<int:host_id>/tijdvak/<int:slot_id>/verzetten")
@access(MAY_MANAGE)
def show_moving(host_id: int, slot_id: int) -> str | Response:
    """Show where a slot is and ask where it is to go."""
    with refusal_as_message():
        page = build_slot_page(current_host(), slot_id)
        return _moving_page(page, MoveForm(data=values_of(page.slot)))
    return redirect(url_for("host.show_home", host_id=host_id))


@host.post("/aanbieder/<int:host_id>/tijdvak/<int:slot_id>/verzetten")
@access(MAY_MANAGE)
def move(host_id: int, slot_id: int) -> str | Response | tuple[str, int]:
    """Show what a move means, or move the slot."""
    form, home = MoveForm(), url_for("host.show_home", host_id=host_id)
    with refusal_as_message():
        page = build_slot_page(current_host(), slot_id)
        if not form.validate_on_submit():
            return _moving_page(page, form)
        if request.form.get("step") != "move":
            return _moving_page(look_ahead(page, form.target()), form)
        return _move(page, form) or redirect(home)
    return redirect(home)


@host.get("/aanbieder/<int:host_id>/tijdvak/<int:slot_id>/intrekken")
@access(MAY_MANAGE)
def show_withdrawing(host_id: int, slot_id: int) -> str | Response:
    """Ask whether a slot is to be withdrawn, and tell what follows."""
    with refusal_as_message():
        return _withdrawing_page(build_slot_page(current_host(), slot_id), CancelForm())
    return redirect(url_for("host.show_home", host_id=host_id))


@host.post("/aanbieder/<int:host_id>/tijdvak/<int:slot_id>/intrekken")
@access(MAY_MANAGE)
def withdraw(host_id: int, slot_id: int) -> str | Response:
    """Withdraw the slot."""
    form, own = CancelForm(), current_host()
    with refusal_as_message():
        if not form.validate_on_submit():
            return _withdrawing_page(build_slot_page(own, slot_id), form)
        try:
            withdraw_slot(own.region_id, host_id, slot_id, get_visitor().id, form.reason.data)
        except VisitGoneError:
            flash(_("Dit tijdvak was al ingetrokken."), "info")
        else:
            jobs.kick_delivery()
            flash(_("Het tijdvak is ingetrokken. Iedereen krijgt bericht."), "ok")
    return redirect(url_for("host.show_home", host_id=host_id))


def _move(page: SlotPage, form: MoveForm) -> tuple[str, int] | None:
    """Move the slot; return the page again when somebody has to look first."""
    try:
        move_slot(
            page.host.region_id,
            page.host.id,
            page.slot.id,
            form.target(),
            get_visitor().id,
            version=int(form.version.data),
            reason=form.reason.data,
            despite_clashes=form.despite_clashes.data,
        )
    except NothingMovedError:
        flash(_("Het tijdvak staat al op deze tijd en plek."), "info")
    except (GroupsCannotComeError, EditConflictError) as refusal:
        flash(sentence_for(refusal), "stop")
        page = build_slot_page(current_host(), page.slot.id)
        form.version.data = str(page.slot.version)
        return _moving_page(look_ahead(page, form.target()), form), HTTPStatus.CONFLICT
    else:
        jobs.kick_delivery()
        flash(_("Het tijdvak is verzet. Iedereen die komt, krijgt bericht."), "ok")
    return None


def _moving_page(page: SlotPage, form: MoveForm) -> str:
    return render_template("host/slot_move.html", page=page, form=form, region=page.host.region)


def _withdrawing_page(page: SlotPage, form: CancelForm) -> str:
    return render_template("host/slot_withdraw.html", page=page, form=form, region=page.host.region)
