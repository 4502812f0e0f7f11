"""Pages about personal data, for everybody."""

from __future__ import annotations

from flask import render_template

from matchmaker.domain.retention import INACTIVE_MONTHS, NOTICE, PERIODS, Retention
from matchmaker.queries.regions import list_regions
from matchmaker.web.access import Public, access
from matchmaker.web.public.register import build_register
from matchmaker.web.public.views import public


@public.get("/privacy")
@access(Public())
def show_privacy() -> str:
    """Say in plain words what happens with personal data, and what people may ask."""
    return render_template(
        "public/privacy.html", purposes=build_register(), regions=list_regions(), **_periods()
    )


@public.get("/toegankelijkheid")
@access(Public())
def show_accessibility() -> str:
    """Say how well the site can be used by everybody, and what does not work yet."""
    return render_template("public/accessibility.html", regions=list_regions())


@public.get("/privacy/register")
@access(Public())
def show_register() -> str:
    """Show what personal data is kept, why and how long: made from the columns of the database."""
    return render_template("public/privacy_register.html", sections=build_register())


def _periods() -> dict[str, int]:
    return {
        "mail_days": PERIODS[Retention.MAIL_TEXT].days,
        "sign_in_days": PERIODS[Retention.SIGN_IN].days,
        "months": INACTIVE_MONTHS,
        "notice_days": NOTICE.days,
    }
