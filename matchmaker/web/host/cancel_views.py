"""A host calls one group off."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import HostMember, access, current_host
from matchmaker.web.host.views import host
from matchmaker.web.visit_cancelling import cancel, show_cancelling
from matchmaker.web.visit_forms import CancelForm

MAY_CANCEL = HostMember("host_id", Permission.CANCEL_VISITS)


@host.get("/aanbieder/<int:host_id>/bezoek/<int:booking_id>/afzeggen")
@access(MAY_CANCEL)
def show_cancelling_group(host_id: int, booking_id: int) -> str | Response:
    """Ask whether the group is to be called off, and tell what follows."""
    home = url_for("host.show_home", host_id=host_id)
    return show_cancelling(current_host(), booking_id, home, CancelForm())


@host.post("/aanbieder/<int:host_id>/bezoek/<int:booking_id>/afzeggen")
@access(MAY_CANCEL)
def cancel_group(host_id: int, booking_id: int) -> str | Response:
    """Call the group off."""
    return cancel(current_host(), booking_id, url_for("host.show_home", host_id=host_id))
