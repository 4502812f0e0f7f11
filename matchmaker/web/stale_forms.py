"""What somebody typed in a form that was refused because its page had been open too long.

Nothing of it is lost. It is offered to be sent again only when the browser says that one of our own
pages sent it: a page of another site could otherwise let people press a button of ours with its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from matchmaker.web.access import rule_of
from matchmaker.web.account.pages import safe_path
from matchmaker.web.hosts import is_own_page
from matchmaker.web.identity import find_visitor

# Never shown or sent again, under whatever form: who was not quick enough types these anew.
SECRET_NAMES = frozenset({"csrf_token", "password", "code"})
MOST_FIELDS = 300


@dataclass(frozen=True)
class TypedField:
    """One value of the form, and what its field is called on the page."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class StaleForm:
    """What was typed, and where to go on.

    Parameters
    ----------
    fields
        In the order in which they came, without passwords and codes.
    send_to
        The address to send them to again; empty when they may only be copied.
    back_to
        The page with the form, when it is one of ours; else empty.
    needs_sign_in
        Whether the person must sign in first.
    has_files
        Whether files came along, which have to be chosen again.
    """

    fields: tuple[TypedField, ...]
    send_to: str
    back_to: str
    needs_sign_in: bool
    has_files: bool

    @property
    def shown(self) -> tuple[TypedField, ...]:
        """What people want to see: all when they must copy it, else what has a name on the page."""
        return tuple(field for field in self.fields if field.label or not self.send_to)


def read_stale_form() -> StaleForm:
    """Read what the refused request holds."""
    has_files = any(file.filename for file in request.files.values())
    needs_sign_in = _needs_sign_in()
    fields = tuple(_list_fields())
    is_whole = not has_files and 0 < len(list(request.form.items(multi=True))) <= MOST_FIELDS
    may_send = is_own_page() and is_whole and not needs_sign_in
    return StaleForm(
        fields=fields,
        send_to=(safe_path(request.full_path.rstrip("?")) or "") if may_send else "",
        back_to=_find_page() or "",
        needs_sign_in=needs_sign_in,
        has_files=has_files,
    )


def list_forms(base: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """Yield every form of the site."""
    for form in base.__subclasses__():
        yield form
        yield from list_forms(form)


def list_form_fields(form: type[FlaskForm]) -> dict[str, UnboundField]:
    """Return the fields of a form by name, inherited ones too."""
    return {name: field for name in dir(form) if isinstance(field := getattr(form, name), UnboundField)}


def _list_fields() -> Iterator[TypedField]:
    sent = list(request.form.items(multi=True))[:MOST_FIELDS]
    known = max(
        (list_form_fields(form) for form in list_forms()),
        key=lambda fields: len(fields.keys() & request.form.keys()),
        default={},
    )
    for name, value in sent:
        field = known.get(name)
        if not _is_secret(name, field) and value.strip():
            label = str(field.args[0]) if field is not None and field.args else ""
            yield TypedField(name, label, value)


def _is_secret(name: str, field: UnboundField | None) -> bool:
    return name in SECRET_NAMES or (field is not None and issubclass(field.field_class, PasswordField))


def _needs_sign_in() -> bool:
    rule = rule_of(request.endpoint) if request.endpoint else None
    return rule is not None and not rule.open_to_all and find_visitor() is None


def _find_page() -> str | None:
    """Return the path of the page that the form stood on."""
    referrer = request.referrer or ""
    own = request.host_url
    return safe_path("/" + referrer.removeprefix(own)) if referrer.startswith(own) else None
