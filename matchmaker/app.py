"""The application factory: a table of contents."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import models as _models  # noqa: F401 - registers every table
from matchmaker.cli import mail_status as _mail_status  # noqa: F401 - adds its commands
from matchmaker.cli.allocation_reports import allocation_commands
from matchmaker.cli.data import data_commands
from matchmaker.cli.mail import mail_commands
from matchmaker.cli.people import person_commands
from matchmaker.cli.privacy import privacy_commands
from matchmaker.cli.site import site_commands
from matchmaker.cli.worker import worker_commands
from matchmaker.config import ROOT, Settings, load_settings
from matchmaker.extensions import babel, csrf, db, login_manager, migrate
from matchmaker.masking import mask_logs
from matchmaker.web import register_pages
from matchmaker.web.language import select_language


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from the given or the environment's settings.

    Raises
    ------
    matchmaker.config.SettingsError
        When the environment holds settings that cannot be used.
    """
    settings = settings or load_settings()
    mask_logs()
    app = Flask(
        "matchmaker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance_path),
    )
    _configure(app, settings)
    _bind_extensions(app)
    register_pages(app)
    _stand_behind_proxies(app, settings)
    _register_commands(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=12 * 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        MAX_FORM_PARTS=2000,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "matchmaker" / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
    )


def _stand_behind_proxies(app: Flask, settings: Settings) -> None:
    """Take the visitor's address from as many proxies as there are; the name of the site from none."""
    count = settings.trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=True)
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=select_language)


def _register_commands(app: Flask) -> None:
    """Each room adds its own command group here."""
    app.cli.add_command(allocation_commands)
    app.cli.add_command(data_commands)
    app.cli.add_command(mail_commands)
    app.cli.add_command(person_commands)
    app.cli.add_command(privacy_commands)
    app.cli.add_command(site_commands)
    app.cli.add_command(worker_commands)
