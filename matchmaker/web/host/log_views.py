"""The page on which a host reads what was done for it."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import HostMember, access, current_host
from matchmaker.web.host.views import host
from matchmaker.web.organisation_log import build_organisation_log


@host.get("/aanbieder/<int:host_id>/logboek")
@access(HostMember("host_id", Permission.READ_HOST_AUDIT))
def show_log(host_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the host
    """Show what anybody did for this host."""
    own, number = current_host(), request.args.get("pagina", 1, type=int)
    page = build_organisation_log(own, min(max(number, 1), 10_000))
    return render_template("host/log.html", page=page, region=own.region)
