"""A region workbook is taken in whole or not at all, and twice is as good as once."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.bookings import BookingSource
from matchmaker.domain.kinds import ActivityKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.exchange import rows
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.workbook_writer import write_workbook
from matchmaker.extensions import Base, db
from matchmaker.models import (
    Activity,
    AuditEntry,
    Booking,
    ClosedDay,
    Group,
    Membership,
    Region,
    Round,
    School,
    Slot,
    User,
    Wish,
    WishList,
)
from matchmaker.queries.regions import find_region
from matchmaker.services.exports import export_workbook
from matchmaker.services.import_report import ImportReport
from matchmaker.services.imports import InputFile, import_workbook
from tests.integration.exchange import small_region as small


def _import(**changes: Any) -> ImportReport:
    report = import_workbook(small.workbook_file(**changes))
    db.session.expire_all()
    return report


def _problems(**changes: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        _import(**changes)
    return [str(problem) for problem in caught.value.problems]


def _everything() -> dict[str, list[str]]:
    """Return every row of every table, for telling whether anything changed."""
    return {
        table.name: sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in {"postcode_place"}
    }


def _count(model: Any) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def _one(model: Any, **criteria: Any) -> Any:
    return db.session.scalars(sa.select(model).filter_by(**criteria)).one()


def test_everything_that_the_sheets_hold_arrives(app: Flask) -> None:
    _import()
    region = _one(Region, slug="klein")
    assert (region.name, region.guarantee_secondary, region.detour_factor) == ("Kleine regio", 1, 1.25)
    school = _one(School, code="99AA00")
    assert (school.place, school.lat, school.pupils) == ("Gendringen", 51.873, 180)
    assert _one(School, code="99AB01").active is False
    assert _one(Group, name="7/8").levels == ["po7", "po8"]
    assert _one(Group, name="2B").levels == ["vo2"]
    assert _one(Activity, code="A2").range_km == 12.5
    round_ = _one(Round, name="Najaar")
    assert (round_.phase, round_.min_gap_minutes, round_.fairness_band) == (Phase.WISHING, 20, 0.002)


def test_times_are_stored_in_utc_for_summer_and_winter(app: Flask) -> None:
    _import()
    assert _one(Slot, code="T1").starts_at == datetime(2026, 10, 6, 7, 0, tzinfo=UTC)
    winter = replace(small.SLOTS[1], code="T3", date=date(2027, 1, 12))
    _import(slots=(winter,))
    assert _one(Slot, code="T3").starts_at == datetime(2027, 1, 12, 12, 15, tzinfo=UTC)


def test_wishes_keep_their_order_and_name_an_activity_or_a_kind(app: Flask) -> None:
    _import()
    wish_list = db.session.scalars(sa.select(WishList).where(WishList.submitted_at.is_not(None))).one()
    assert [(w.rank, w.activity.code if w.activity else None, w.kind) for w in wish_list.wishes] == [
        (1, "A1", None),
        (2, None, ActivityKind.COMPANY_VISIT),
    ]
    assert [b.reason for b in wish_list.blocked_times] == ["gym", "toetsweek"]
    assert (wish_list.wanted, wish_list.open_to_other, wish_list.max_km) == (2, True, 12.5)


def test_reserved_places_know_their_schools(app: Flask) -> None:
    _import()
    slot = _one(Slot, code="T1")
    assert (slot.reserved_groups, [school.code for school in slot.reserved_schools]) == (1, ["99AA00"])


def test_contacts_get_a_role_in_their_organisation(app: Flask) -> None:
    _import()
    found = {
        (user.email, membership.role)
        for membership, user in db.session.execute(sa.select(Membership, User).join(Membership.user))
    }
    assert found == {
        ("organisator@klein.example", Role.ORGANISER),
        ("techniek@wilgenkamp.example", Role.COORDINATOR),
        ("techniek@waard.example", Role.COORDINATOR),
        ("onderwijs@roodgloed.example", Role.HOST_CONTACT),
    }


def test_one_person_may_answer_for_two_schools(app: Flask) -> None:
    first, second = small.SCHOOLS
    _import(schools=(first, replace(second, contact_email=first.contact_email, contact_name="Iemand anders")))
    user = _one(User, email="techniek@wilgenkamp.example")
    assert user.name == "W&T-coördinator De Wilgenkamp"
    assert len(user.memberships) == 2


def test_the_same_file_again_changes_nothing_and_says_so(app: Flask) -> None:
    assert _import().changed_anything
    before = _everything()
    report = _import()
    assert not report.changed_anything
    assert report.counts["Schools"].unchanged == 2
    assert report.counts["Wishes"].unchanged == 2
    assert _everything() == before


def test_an_export_that_is_taken_in_again_changes_nothing(app: Flask) -> None:
    _import()
    before = _everything()
    exported = export_workbook(_one(Region, slug="klein"))
    report = import_workbook(InputFile("uit.xlsx", exported))
    assert not report.changed_anything
    db.session.expire_all()
    assert _everything() == before


def test_an_export_makes_the_same_region_elsewhere(app: Flask) -> None:
    _import()
    exported = export_workbook(_one(Region, slug="klein"))
    db.session.close()
    db.drop_all()
    db.create_all()
    import_workbook(InputFile("uit.xlsx", exported))
    db.session.expire_all()
    assert _sheets(export_workbook(_one(Region, slug="klein"))) == _sheets(exported)


def _sheets(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_wins_and_where_it_is_silent_what_is_there_stays(app: Flask) -> None:
    _import()
    changed = replace(small.SCHOOLS[0], name="De Nieuwe Naam", pupils=None, board=None)
    report = _import(schools=(changed,))
    school = _one(School, code="99AA00")
    assert (school.name, school.pupils, school.board) == ("De Nieuwe Naam", 180, "Stichting De Es")
    counts = report.counts["Schools"]
    assert (counts.new, counts.changed, counts.unchanged, counts.absent) == (0, 1, 0, 1)
    assert _count(School) == 2


def test_a_wish_list_knows_when_any_part_of_it_changed(app: Flask) -> None:
    _import()
    moments = iter(datetime(2026, 11, day, 9, tzinfo=UTC) for day in range(1, 9))
    first = small.WISHES[0]
    swapped = replace(first, wishes=(("Wens 1", "bedrijfsbezoek"),))
    free = replace(swapped, blocked=first.blocked[:1])
    for row, changes in ((swapped, True), (swapped, False), (free, True), (free, False)):
        moment = next(moments)
        with time_machine.travel(moment, tick=False):
            _import(wishes=(row,))
        db.session.expire_all()
        assert (moment in db.session.scalars(sa.select(WishList.changed_at)).all()) is changes


def test_new_wishes_replace_the_old_ones(app: Flask) -> None:
    _import()
    swapped = replace(
        small.WISHES[0], wishes=(("Wens 1", "bedrijfsbezoek"), ("Wens 2", "A2"), ("Wens 3", "A1"))
    )
    report = _import(wishes=(swapped,))
    assert report.counts["Wishes"].changed == 1
    wish_list = db.session.scalars(sa.select(WishList).where(WishList.submitted_at.is_not(None))).one()
    assert [w.activity.code if w.activity else w.kind for w in wish_list.wishes] == [
        ActivityKind.COMPANY_VISIT,
        "A2",
        "A1",
    ]
    assert _count(Wish) == 4


def test_one_problem_in_the_last_sheet_undoes_everything(app: Flask) -> None:
    before = _everything()
    assert _problems(wishes=(replace(small.WISHES[0], group="6"),)) == [
        "Wishes, rij 2, kolom Groep: Basisschool De Wilgenkamp heeft dat jaar geen groep “6”."
    ]
    assert _everything() == before


def test_every_reference_that_leads_nowhere_is_listed(app: Flask) -> None:
    problems = "\n".join(
        _problems(
            groups=(replace(small.GROUPS[0], school="99ZZ00"), small.GROUPS[1]),
            activities=(replace(small.ACTIVITIES[0], host="B99"), small.ACTIVITIES[1]),
            slots=(
                replace(small.SLOTS[0], reserved_schools=("99ZY00",)),
                replace(small.SLOTS[1], round="Zomer"),
            ),
            wishes=(replace(small.WISHES[1], wishes=(("Wens 1", "zwemles"),)),),
            closed_days=(replace(small.CLOSED_DAYS[0], organisation="B98"),),
        )
    )
    assert "Groups, rij 2, kolom School: Er is geen school met de code 99ZZ00." in problems
    assert "Activities, rij 2, kolom Aanbieder: Er is geen aanbieder met de code B99." in problems
    assert "Slots, rij 2, kolom Gereserveerd voor: Er is geen school met de code 99ZY00." in problems
    assert "Slots, rij 3, kolom Ronde: Er is geen ronde “Zomer”." in problems
    assert "Wishes, rij 2, kolom Wens 1: “zwemles” is geen activiteit en geen soort." in problems
    assert (
        "Closed days, rij 2, kolom Organisatie: Er is geen school of aanbieder met de code B98." in problems
    )


def test_what_refers_to_a_refused_row_is_not_wrong_on_that_account(app: Flask) -> None:
    nowhere = replace(small.SCHOOLS[0], sector=None, holiday_region=None, municipality=None, postcode=None)
    assert [problem.split(":")[0] for problem in _problems(schools=(nowhere, small.SCHOOLS[1]))] == [
        "Schools, rij 2, kolom Sector",
        "Schools, rij 2, kolom Vakantieregio",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"groups": (*small.GROUPS, replace(small.GROUPS[0], row=4, school_year=None))},
            "Groups, rij 4, kolom Groep: Deze groep staat ook al in rij 2.",
            id="a group",
        ),
        pytest.param(
            {"rounds": (*small.ROUNDS, replace(small.ROUNDS[0], row=4, school_year=None))},
            "Rounds, rij 4, kolom Naam: Deze ronde staat ook al in rij 2.",
            id="a round",
        ),
        pytest.param(
            {
                "rounds": (small.ROUNDS[0],),
                "slots": (small.SLOTS[0],),
                "wishes": (*small.WISHES, replace(small.WISHES[0], row=4, round=None)),
            },
            "Wishes, rij 4, kolom Groep: De wensen van deze groep staan ook al in rij 2.",
            id="a wish list",
        ),
    ],
)
def test_a_row_that_repeats_another_by_leaving_out_what_is_meant_anyway_is_refused(
    app: Flask, changes: dict[str, Any], sentence: str
) -> None:
    assert _problems(**changes) == [sentence]


def test_a_time_that_the_clock_skips_is_refused(app: Flask) -> None:
    skipped = replace(small.SLOTS[1], date=date(2027, 3, 28), start=datetime(2027, 3, 28, 2, 30).time())  # noqa: DTZ001
    assert "de klok vooruit" in "\n".join(_problems(slots=(skipped,)))


def test_a_slot_without_code_gets_one_from_activity_and_time(app: Flask) -> None:
    _import(slots=(replace(small.SLOTS[0], code=None),))
    assert _one(Slot, code="A1-20261006-0900").capacity_groups == 2
    assert not _import(slots=(replace(small.SLOTS[0], code=None),)).changed_anything


def test_a_round_need_not_be_named_when_there_is_one(app: Flask) -> None:
    _import(
        rounds=small.ROUNDS[:1],
        slots=(replace(small.SLOTS[0], round=None),),
        wishes=(replace(small.WISHES[0], round=None),),
    )
    assert _one(Slot, code="T1").round.name == "Najaar"


def test_a_round_must_be_named_when_there_are_two(app: Flask) -> None:
    assert "Noem de ronde" in "\n".join(_problems(slots=(replace(small.SLOTS[0], round=None),)))


def test_the_phase_of_a_round_that_exists_is_not_set_by_a_file(app: Flask) -> None:
    _import()
    report = _import(rounds=(replace(small.ROUNDS[0], phase=Phase.PUBLISHED), small.ROUNDS[1]))
    assert _one(Round, name="Najaar").phase is Phase.WISHING
    assert any("blijft in de fase wensen verzamelen" in note for note in report.notes)


def test_a_slot_with_groups_in_it_keeps_its_time(app: Flask) -> None:
    _import()
    _place_a_group()
    moved = replace(small.SLOTS[0], date=date(2026, 10, 13))
    assert "Hier zijn al groepen geplaatst" in "\n".join(_problems(slots=(moved,)))
    shrunk = replace(small.SLOTS[0], pupils=20)
    assert "Er zijn al 25 leerlingen geplaatst." in "\n".join(_problems(slots=(shrunk,)))
    assert _import(slots=(replace(small.SLOTS[0], groups=3),)).counts["Slots"].changed == 1


def _place_a_group() -> None:
    slot, group = _one(Slot, code="T1"), _one(Group, name="7/8")
    slot.taken_groups, slot.taken_pupils = 1, 25
    db.session.add(
        Booking(
            region_id=slot.region_id,
            group_id=group.id,
            slot_id=slot.id,
            source=BookingSource.MANUAL,
            starts_at=slot.starts_at,
            calendar_uid="boeking-1@klein.example",
            cancel_reason="",
        )
    )
    db.session.commit()


def test_the_wishes_of_a_published_round_are_settled(app: Flask) -> None:
    _import()
    _one(Round, name="Najaar").phase = Phase.PUBLISHED
    db.session.commit()
    assert not _import().changed_anything
    assert "wensen liggen vast" in "\n".join(_problems(wishes=(replace(small.WISHES[0], wanted=1),)))


def test_a_published_round_takes_no_new_wish_list_either(app: Flask) -> None:
    _import(wishes=(small.WISHES[1],))
    _one(Round, name="Najaar").phase = Phase.PUBLISHED
    db.session.commit()
    assert _problems() == [
        "Wishes, rij 2, kolom Ronde: Deze ronde is al gepubliceerd; de wensen liggen vast."
    ]
    assert _count(WishList) == 1


def test_a_published_round_that_is_new_here_comes_with_its_wishes(app: Flask) -> None:
    _import(rounds=(replace(small.ROUNDS[0], phase=Phase.PUBLISHED), small.ROUNDS[1]))
    assert _count(WishList) == 2


def _import_school_year(name: str) -> None:
    settings = replace(small.SETTINGS, school_year=name, school_year_starts_on=None, school_year_ends_on=None)
    _import(settings=settings, rounds=(), groups=(), slots=(), wishes=(), closed_days=())


def _holidays_from(start: date, end: date) -> list[tuple[Any, ...]]:
    days = db.session.scalars(sa.select(ClosedDay).where(ClosedDay.source == "holidays"))
    return sorted(
        (str(d.holiday_region), d.first_day, d.last_day, d.name)
        for d in days
        if start <= d.first_day and d.last_day <= end
    )


@pytest.mark.parametrize(
    "names", [("2026-2027", "2027-2028"), ("2027-2028", "2026-2027")], ids=["in order", "later year first"]
)
def test_each_school_year_gets_its_holidays_once_in_whatever_order_years_come(
    app: Flask, names: tuple[str, str]
) -> None:
    for name in names:
        _import_school_year(name)
    for autumn in (2026, 2027):
        inside = _holidays_from(date(autumn, 9, 1), date(autumn + 1, 6, 30))
        assert {name for *_, name in inside} >= {"Herfstvakantie", "Kerstvakantie", "Koningsdag"}
    everything = _holidays_from(date(2026, 1, 1), date(2028, 12, 31))
    assert len(everything) == len(set(everything))
    assert len([day for day in everything if day[1].year == 2027 and day[3] == "Zomervakantie"]) == 3


def test_a_removed_holiday_stays_away_when_the_school_year_comes_again(app: Flask) -> None:
    _import_school_year("2026-2027")
    db.session.execute(sa.delete(ClosedDay).where(ClosedDay.name == "Herfstvakantie"))
    db.session.commit()
    _import_school_year("2026-2027")
    assert "Herfstvakantie" not in {name for *_, name in _holidays_from(date.min, date.max)}


def test_holidays_of_the_school_year_come_by_themselves_and_only_once(app: Flask) -> None:
    _import()
    days = db.session.scalars(sa.select(ClosedDay).where(ClosedDay.source == "holidays")).all()
    autumn = {(d.holiday_region, d.first_day, d.last_day) for d in days if d.name == "Herfstvakantie"}
    assert ("Midden", date(2026, 10, 17), date(2026, 10, 25)) in autumn
    assert len(autumn) == 3
    assert ("Zuid", date(2026, 12, 19), date(2027, 1, 3)) in {
        (d.holiday_region, d.first_day, d.last_day) for d in days if d.name == "Kerstvakantie"
    }
    assert not any(d.name == "Goede vrijdag" for d in days)
    db.session.delete(next(d for d in days if d.name == "Herfstvakantie"))
    db.session.commit()
    _import()
    assert _count(ClosedDay) == len(days) - 1 + len(small.CLOSED_DAYS)


def test_two_regions_may_use_the_same_codes(app: Flask) -> None:
    _import()
    other = replace(small.SETTINGS, slug="ander", name="Andere regio", organiser_email=None)
    _import(settings=other)
    assert _count(School) == 4
    region = find_region("ander")
    assert region is not None
    assert {
        slot.region_id for slot in db.session.scalars(sa.select(Slot).where(Slot.region_id == region.id))
    } == {region.id}
    assert _one(User, email="techniek@wilgenkamp.example").memberships[0].region_id != region.id


def test_an_import_that_did_something_is_in_the_audit_log_once(app: Flask) -> None:
    _import()
    _import()
    (entry,) = db.session.scalars(sa.select(AuditEntry)).all()
    assert entry.action == "import_workbook"
    assert entry.after is not None
    assert entry.after["Schools"] == {"new": 2, "changed": 0, "unchanged": 0}


def test_a_workbook_without_region_needs_one_that_exists(app: Flask) -> None:
    file = InputFile("x.xlsx", write_workbook(rows.RegionWorkbook(schools=small.SCHOOLS)))
    with pytest.raises(InputError, match="webnaam"):
        import_workbook(file)
    with pytest.raises(InputError, match="bestaat niet"):
        import_workbook(file, "nergens")
    with pytest.raises(InputError, match="is van de regio"):
        import_workbook(small.workbook_file(), "nergens")


def test_a_slug_that_cannot_stand_in_an_address_is_refused(app: Flask) -> None:
    assert "webnaam" in "\n".join(_problems(settings=replace(small.SETTINGS, slug="Oude IJssel")))


def test_a_host_cannot_take_the_code_of_a_school(app: Flask) -> None:
    problems = _problems(hosts=(replace(small.HOSTS[0], code="99AA00"),), activities=(), slots=(), wishes=())
    assert problems == ["Hosts, rij 2, kolom Code: De code 99AA00 is al van een andere organisatie."]


def test_a_maximum_below_the_known_minimum_is_refused(app: Flask) -> None:
    _import()
    lower = replace(small.ACTIVITIES[0], min_pupils=None, max_pupils=5)
    assert "wordt het minimum groter" in "\n".join(_problems(activities=(lower,)))


def test_ten_thousand_rows_are_taken_in(app: Flask) -> None:
    schools = tuple(
        replace(small.SCHOOLS[1], row=0, code=f"{n:05}X", name=f"School {n}", contact_email=f"t@s{n}.example")
        for n in range(2_000)
    )
    groups = tuple(
        rows.GroupRow(row=0, school=school.code, name=f"2{letter}", levels="2", pupils=25)
        for school in schools
        for letter in "ABCD"
    )
    report = _import(schools=schools, groups=groups, wishes=(), slots=(), closed_days=())
    assert report.counts["Groups"].new == 8_000
    assert not _import(schools=schools, groups=groups, wishes=(), slots=(), closed_days=()).changed_anything
