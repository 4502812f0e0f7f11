"""Whatever lies in the outbox, the next message is found along one index, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.models.message import BULK_LANE
from matchmaker.queries.messages import is_older_in_line, select_next_due, select_outdated

MANY = 6000


@pytest.fixture
def full_outbox(app: Flask) -> None:
    """Most are sent, a third waits, and some wait for another day."""
    now = clock.now()
    db.session.execute(sa.insert(Message), [_row(number, now) for number in range(MANY)])
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def _row(number: int, now: Any) -> dict[str, Any]:
    state = MessageState.SENT if number % 3 else MessageState.QUEUED
    return {
        "recipient": f"ontvanger{number % 900}@school.example",
        "kind": MessageKind.VISIT_SCHOOL,
        "cause": f"booking:{number}",
        "sequence": 0,
        "subject": "Uw bezoek",
        "message_id": f"<{number}@techniek.example>",
        "body": b"x" * 200,
        "lane": BULK_LANE,
        "state": state,
        "next_attempt_at": now + (timedelta(days=1) if number % 7 == 0 else timedelta(0)),
    }


def plan_of(statement: Any) -> str:
    """What the database says that it will do."""
    sql = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    rows = db.session.connection().exec_driver_sql(f"{word} {sql}".replace("%", "%%"))
    return "\n".join(str(tuple(row)[-1]) for row in rows)


def test_the_next_message_is_found_in_order_without_sorting(full_outbox: None) -> None:
    plan = plan_of(select_next_due(BULK_LANE, clock.now()))
    assert "ix_message_due" in plan
    assert "Sort" not in plan
    assert "USE TEMP B-TREE" not in plan
    assert "Seq Scan on message" not in plan
    assert "SCAN message" not in plan


def test_the_conversation_of_a_message_is_found_by_its_cause(full_outbox: None) -> None:
    waiting = sa.select(Message.id).where(is_older_in_line("booking:3", "ontvanger3@school.example", 1))
    for plan in (plan_of(waiting), plan_of(select_outdated(3, clock.now()))):
        assert "uq_message_cause" in plan or "(cause=? AND recipient=?)" in plan
        assert "Seq Scan on message" not in plan
        assert "SCAN message" not in plan
