"""Say for each request who acts, as what and for whom: the audit log writes it down."""

from __future__ import annotations

from flask import Flask, g, request

from matchmaker import trace
from matchmaker.domain.kinds import REGION_ROLES
from matchmaker.models import Host, Membership, School
from matchmaker.web.identity import Visitor, find_visitor


def begin_traces(app: Flask) -> None:
    """Give every request an id of its own, before anything else, and end it with the request."""

    @app.before_request
    def begin() -> None:
        g.trace = trace.begin(trace.VISITOR)

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        token = g.pop("trace", None)
        if token is not None:
            trace.end(token)


def note_who_acts() -> None:
    """Run once the access rule has let somebody in: it left in `g` whose page this is."""
    visitor = find_visitor() if request.endpoint != "static" else None
    if visitor is None:
        return
    organisation = g.get("school") or g.get("host")
    if organisation is not None:
        _note_in_organisation(visitor, organisation)
    elif "region" in g:
        # On the public pages of a region somebody may have no role in it.
        role = visitor.find_role(g.region.id) or trace.SELF
        trace.refine(role, visitor.id, region_id=g.region.id)
    elif "board_membership" in g:
        _note_at_board(visitor, g.board_membership)
    else:
        trace.refine(trace.SELF, visitor.id)


def _note_in_organisation(visitor: Visitor, organisation: School | Host) -> None:
    role = visitor.find_role(organisation.region_id, organisation) or trace.SELF
    trace.refine(
        role,
        visitor.id,
        region_id=organisation.region_id,
        organisation_id=organisation.id,
        on_behalf=role in REGION_ROLES,
    )


def _note_at_board(visitor: Visitor, membership: Membership) -> None:
    is_own = any(own.id == membership.id for own in visitor.memberships)
    role = membership.role if is_own else visitor.find_role(membership.region_id)
    trace.refine(role or trace.SELF, visitor.id, region_id=membership.region_id)
