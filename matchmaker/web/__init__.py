"""The pages: one sub-package per audience, and what they share."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from matchmaker.web.access import begin_without_scope, check_access
from matchmaker.web.account import feed_views as _feed_views  # noqa: F401 - adds its views
from matchmaker.web.account import invitation_views as _invitation_views  # noqa: F401 - adds its views
from matchmaker.web.account import mail_views as _mail_views  # noqa: F401 - adds its views
from matchmaker.web.account import outside_views as _outside_views  # noqa: F401 - adds its views
from matchmaker.web.account import own_data_views as _own_data_views  # noqa: F401 - adds its views
from matchmaker.web.account import password_views as _password_views  # noqa: F401 - adds its views
from matchmaker.web.account import profile_views as _profile_views  # noqa: F401 - adds its views
from matchmaker.web.account import second_factor_views as _second_factor_views  # noqa: F401 - adds its views
from matchmaker.web.account.views import account
from matchmaker.web.board.views import board
from matchmaker.web.errors import register_errors
from matchmaker.web.formats import register_formats
from matchmaker.web.headers import register_headers
from matchmaker.web.homes import remember_home
from matchmaker.web.host import calendar_views as _host_calendar_views  # noqa: F401 - adds its views
from matchmaker.web.host import cancel_views as _host_cancel_views  # noqa: F401 - adds its views
from matchmaker.web.host import log_views as _host_log_views  # noqa: F401 - adds its views
from matchmaker.web.host import slot_views as _slot_views  # noqa: F401 - adds its views
from matchmaker.web.host.views import host
from matchmaker.web.hosts import check_host, check_origin
from matchmaker.web.identity import find_visitor, keep_visitor
from matchmaker.web.language import LANGUAGES, current_language
from matchmaker.web.members.routes import register_member_pages
from matchmaker.web.organiser import address_views as _address_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import answer_views as _answer_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import insight_views as _insight_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import join_views as _organiser_join_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import log_views as _log_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import mail_check_views as _mail_check_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import message_views as _message_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import scenario_views as _scenario_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import sending_views as _sending_views  # noqa: F401 - adds its views
from matchmaker.web.organiser import settings_views as _settings_views  # noqa: F401 - adds its views
from matchmaker.web.organiser.views import organiser
from matchmaker.web.paths import RowNumber
from matchmaker.web.public import agenda_views as _agenda_views  # noqa: F401 - adds its views
from matchmaker.web.public import answer_views as _public_answer_views  # noqa: F401 - adds its views
from matchmaker.web.public import health_views as _health_views  # noqa: F401 - adds its views
from matchmaker.web.public import join_views as _join_views  # noqa: F401 - adds its views
from matchmaker.web.public import privacy_views as _privacy_views  # noqa: F401 - adds its views
from matchmaker.web.public import stop_views as _stop_views  # noqa: F401 - adds its views
from matchmaker.web.public.views import public
from matchmaker.web.school import calendar_views as _school_calendar_views  # noqa: F401 - adds its views
from matchmaker.web.school import cancel_views as _school_cancel_views  # noqa: F401 - adds its views
from matchmaker.web.school import log_views as _school_log_views  # noqa: F401 - adds its views
from matchmaker.web.school import question_views as _question_views  # noqa: F401 - adds its views
from matchmaker.web.school.views import school
from matchmaker.web.static_files import register_static_files
from matchmaker.web.tracing import begin_traces, note_who_acts

BRAND = "Matchmaker"
register_member_pages(school, host, organiser)


def register_pages(app: Flask) -> None:
    """Make the pages, their guards, errors, headers and formats part of the application."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = RowNumber
    begin_without_scope(app)
    register_static_files(app)
    begin_traces(app)
    app.before_request(check_host)
    app.before_request(check_origin)
    app.before_request(keep_visitor)
    app.before_request(check_access)
    app.after_request(remember_home)
    app.before_request(note_who_acts)
    app.context_processor(_shared_context)
    register_formats(app)
    register_errors(app)
    register_headers(app)
    for blueprint in (public, account, school, board, host, organiser):
        app.register_blueprint(blueprint)


def _shared_context() -> dict[str, Any]:
    return {
        "brand": BRAND,
        "language": current_language(),
        "languages": LANGUAGES,
        "region": None,
        "find_visitor": find_visitor,
    }
