"""The page on which a visit is called off, the same for schools and hosts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.errors import VisitGoneError
from matchmaker.models import Booking, Host, School
from matchmaker.queries import visits
from matchmaker.services.cancelling import cancel_booking, require_coming
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.visit_forms import CancelForm


@dataclass(frozen=True)
class CancelPage:
    """A visit that is to be called off, and in whose place."""

    organisation: School | Host
    booking: Booking

    @property
    def is_school(self) -> bool:
        """Tell whether it is a school that calls off."""
        return isinstance(self.organisation, School)

    @property
    def school(self) -> School | Host:
        """The school, for the layout of its pages."""
        return self.organisation

    @property
    def host(self) -> School | Host:
        """The host, for the layout of its pages."""
        return self.organisation

    @property
    def audience(self) -> str:
        """Whose layout the page has."""
        return "school" if self.is_school else "host"

    @property
    def other_side(self) -> str:
        """Who hears of it beside the own people."""
        if self.is_school:
            return self.booking.slot.activity.host.name
        return self.booking.group.school.name


def show_cancelling(
    organisation: School | Host, booking_id: int, home: str, form: CancelForm
) -> str | Response:
    """Show what happens when the visit is called off; lead home where there is nothing to call off."""
    page = CancelPage(organisation, visits.get_booking_at(organisation.id, booking_id))
    with refusal_as_message():
        require_coming(page.booking)
        region = organisation.region
        return render_template("components/visit_cancel.html", page=page, form=form, home=home, region=region)
    return redirect(home)


def cancel(organisation: School | Host, booking_id: int, home: str) -> str | Response:
    """Call the visit off and lead home; twice is once."""
    form = CancelForm()
    if not form.validate_on_submit():
        return show_cancelling(organisation, booking_id, home, form)
    with refusal_as_message():
        try:
            cancel_booking(
                organisation.region_id, organisation.id, booking_id, get_visitor().id, form.reason.data
            )
        except VisitGoneError:
            flash(_("Dit bezoek was al afgezegd."), "info")
        else:
            jobs.kick_delivery()
            flash(_("Het bezoek is afgezegd. Iedereen krijgt bericht."), "ok")
    return redirect(home)
