"""Every column says what it holds, why, how long, and how it goes again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import DeclarativeBase, Mapped

from matchmaker.domain.inventory import (
    DONE_BY,
    FACT,
    Data,
    DataClass,
    Eraser,
    Label,
    Purpose,
    held_for,
)
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base, db
from matchmaker.models.columns import Identified, ShortText
from matchmaker.models.labelling import (
    label_models,
    list_entries,
    list_pointless,
    list_unlabelled,
    points_to_account,
)
from matchmaker.queries.inventory import list_inventory, list_personal
from matchmaker.queries.personal_data import label_of
from matchmaker.web.access import rule_of
from matchmaker.web.public.register import list_silent
from matchmaker.web.public.register_words import TABLES
from tests.site import Site, sign_in_as
from tests.site.canaries import plant
from tests.site.ground import list_rules, method_of, path_of


def describe(*, phone_holds: Data | None = None, default: Data = FACT) -> sa.MetaData:
    """A made-up table, labelled as its model says."""
    named = {} if phone_holds is None else {"phone": phone_holds}

    class Made(DeclarativeBase):
        pass

    class Card(Identified, Made):
        __tablename__ = "card"
        __data__ = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, default, facts="shape", **named)
        shape: Mapped[ShortText]
        size: Mapped[int]
        phone: Mapped[ShortText]

    label_models(Made.registry)
    return Made.metadata


def test_whom_a_row_is_about_is_the_number_of_an_account() -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    subjects = [column for column in columns if label_of(column).is_subject]
    assert len(subjects) > 5
    assert [str(column) for column in subjects if column.type.python_type is not int] == []


def test_every_column_has_a_label() -> None:
    assert list_unlabelled(Base.metadata) == []


def test_a_column_without_label_is_told_what_to_write() -> None:
    (sentence,) = list_unlabelled(describe())
    assert sentence.startswith("card.phone has no label: name it in `__data__ = held_for(…)`")


def test_a_labelled_table_is_complete() -> None:
    labelled = describe(phone_holds=Data(DataClass.CONTACT, Eraser.BLANKED))
    assert list_unlabelled(labelled) == []
    entries = {entry.column: entry.label for entry in list_entries(labelled)}
    assert entries["phone"] == Label(
        DataClass.CONTACT, Purpose.ACCOUNT, Retention.ACCOUNT, Eraser.BLANKED, is_address=False
    )
    assert entries["size"].kind is DataClass.ORGANISATION


def test_a_table_without_any_label_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("forgotten", metadata, sa.Column("id", sa.Integer, primary_key=True))
    assert [sentence.partition(" ")[0] for sentence in list_unlabelled(metadata)] == ["forgotten.id"]


def test_a_label_of_a_column_that_is_gone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"card has no columns \['colour'\]"):

        class Made(DeclarativeBase):
            pass

        class Card(Identified, Made):
            __tablename__ = "card"
            __data__ = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, facts="colour")

        label_models(Made.registry)


def test_keys_of_accounts_are_labelled_as_about_somebody() -> None:
    assert list_pointless(Base.metadata) == []
    keys = [c for table in Base.metadata.tables.values() for c in table.columns if points_to_account(c)]
    assert len(keys) > 8


def test_a_key_of_an_account_is_never_a_mere_fact() -> None:
    metadata = sa.MetaData()
    holding = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, technical="owner_id")
    key = sa.Column("owner_id", sa.ForeignKey("user_account.id"), info={"label": holding.label(FACT)})
    sa.Table("card", metadata, key)
    assert list_pointless(metadata)[0].startswith("card.owner_id points to an account")
    key.info["label"] = holding.label(DONE_BY)
    assert list_pointless(metadata) == []


def test_what_is_personal_goes_in_some_way() -> None:
    assert [e for e in list_personal() if e.label.eraser is Eraser.KEPT] == []
    assert [
        e for e in list_inventory() if not e.label.is_personal and e.label.eraser is not Eraser.KEPT
    ] == []


def test_no_column_is_for_a_pupil_or_a_birth_date() -> None:
    forbidden = re.compile(r"birth|born|geboorte|bsn|gender|geslacht|pupil_name|child|leerlingnaam|parent$")
    found = [f"{e.table}.{e.column}" for e in list_inventory() if forbidden.search(e.column)]
    assert found == []
    about_pupils = {e.column for e in list_inventory() if "pupil" in e.column}
    types = {Base.metadata.tables[e.table].c[e.column].type for e in list_inventory() if "pupil" in e.column}
    assert about_pupils == {"pupils", "min_pupils", "max_pupils", "capacity_pupils", "taken_pupils"}
    assert all(isinstance(kind, sa.Integer) for kind in types)


def test_the_register_has_words_for_every_table_with_personal_data() -> None:
    assert list_silent() == []


def test_the_register_shows_every_table_and_column_about_people(site_app: Flask, site: Site) -> None:
    client = sign_in_as(site_app, None)
    page = client.get("/privacy/register").get_data(as_text=True)
    missing = [
        f"{entry.table}.{entry.column}"
        for entry in list_personal()
        if entry.column not in {"id", "created_at", "region_id"}
        and f"{entry.table}.{entry.column}</code>" not in page
    ]
    assert missing == []
    assert all(str(title) in page for title, _ in TABLES.values())


def test_public_pages_show_nothing_of_anybody(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        canary = plant("a")
        db.session.commit()
        rules = [r for r in list_rules(site_app) if method_of(r) == "GET" and rule_of(r.endpoint).open_to_all]
    assert len(rules) > 10
    client = sign_in_as(site_app, None)
    for rule in rules:
        page = client.get(path_of(site_app, rule, site.own.arguments())).get_data(as_text=True)
        assert [word for word in canary.everything() if word in page] == [], rule.rule
