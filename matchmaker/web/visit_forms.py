"""Forms with which schools and hosts call visits off."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

MOST_REASON = 500


def clean(text: str | None) -> str:
    """Return what somebody typed without what no text holds."""
    return (text or "").replace("\x00", "").strip()


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why a visit is called off; the other side reads it."""

    reason = TextAreaField(
        _l("Reden"),
        validators=[Length(max=MOST_REASON, message=_l("Gebruik hoogstens 500 tekens."))],
        filters=[clean],
        render_kw={"rows": 3, "maxlength": MOST_REASON},
    )
