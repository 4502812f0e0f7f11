"""Pages about personal data, for everybody."""

from __future__ import annotations

from flask import render_template

from matchmaker.web.access import Public, access
from matchmaker.web.public.register import build_register
from matchmaker.web.public.views import public


@public.get("/privacy/register")
@access(Public())
def show_register() -> str:
    """Show what personal data is kept, why and how long: made from the columns of the database."""
    return render_template("public/privacy_register.html", sections=build_register())
