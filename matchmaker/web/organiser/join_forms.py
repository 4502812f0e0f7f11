"""Forms with which organisers decide on a request to join."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


class RefusalForm(FlaskForm):  # type: ignore[misc]
    """Why the answer is no; the person reads this."""

    reason = TextAreaField(
        _l("Reden"),
        validators=[
            DataRequired(_l("Vul in waarom het niet kan. De aanvrager leest dit.")),
            Length(max=1000, message=_l("Gebruik hoogstens 1.000 tekens.")),
        ],
        filters=[lambda text: text.replace("\x00", "").strip() if text else text],
        render_kw={"rows": 4, "maxlength": 1000},
    )
