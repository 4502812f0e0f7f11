"""Pages of organisers: the people whom mail does not reach."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.permissions import Permission
from matchmaker.queries import members
from matchmaker.services.resending import try_address_again
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.organiser.address_pages import build_address_list
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/adressen")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def list_addresses(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show whom mail does not reach, why, and what helps."""
    region = current_region()
    number = request.args.get("pagina", 1, type=int)
    page = build_address_list(region, min(max(number, 1), 10_000))
    return render_template("organiser/address_list.html", region=region, page=page)


@organiser.post("/organisator/<string:slug>/adressen/<int:member_id>/opnieuw")
@access(Organiser("slug", Permission.MANAGE_MAILS))
def use_address_again(slug: str, member_id: int) -> Response:
    """Take an address for good again and send what failed once more."""
    region = current_region()
    number = try_address_again(region.id, members.get_member(region.id, member_id, None).user_id)
    jobs.kick_delivery()
    again = ngettext(
        "We proberen het adres weer. %(num)d mail staat klaar om opnieuw weg te gaan.",
        "We proberen het adres weer. %(num)d mails staan klaar om opnieuw weg te gaan.",
        number,
    )
    flash(
        again if number else _("We proberen het adres weer. Er waren geen mails om opnieuw te sturen."), "ok"
    )
    return redirect(url_for("organiser.list_addresses", slug=slug))
