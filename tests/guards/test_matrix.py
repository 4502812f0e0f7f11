"""Every address × everybody × own, foreign and missing: who enters is what the table says, nobody else.

`make test` asks every address as everybody about the own place, and about the others' as those who
enter their own; the night asks everything.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Response

from matchmaker.domain.kinds import Role
from matchmaker.domain.permissions import Permission, roles_with
from matchmaker.web.access import AccessRule, Organiser, Public, RegionReader, SignedIn
from tests.site.cast import Actor, build_cast, place_of_role
from tests.site.ground import Ground, list_rules, method_of
from tests.site.matrix import CONFIRM, COUNTING_PLACES, ENTERS, MISSING, SECOND_STEP, SIGN_IN, Sweep, expect
from tests.site.routes import Access, read_list


@pytest.fixture
def cast(ground: Ground) -> list[Actor]:
    everybody = build_cast(ground.app, ground.site)
    ground.keep()
    return everybody


def read_table() -> dict[tuple[str, str], Access]:
    return {(route.method, route.path): Access.parse(route.access) for route in read_list()}


def sweep(ground: Ground, cast: list[Actor], paths: set[str] | None = None, *, full: bool) -> list[Sweep]:
    table = read_table()
    rules = [rule for rule in list_rules(ground.app) if paths is None or rule.rule in paths]
    return [Sweep(ground, rule, table[method_of(rule), rule.rule], full).run(cast) for rule in rules]


def test_everybody_gets_what_the_table_says(ground: Ground, cast: list[Actor]) -> None:
    done = sweep(ground, cast, full=False)
    assert sum(each.cells for each in done) > 15 * len(done)
    assert [wrong for each in done for wrong in each.wrong] == []


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_everybody_gets_what_the_table_says_about_every_target(ground: Ground, cast: list[Actor]) -> None:
    done = sweep(ground, cast, full=True)
    assert sum(each.cells for each in done) > 40 * len(done)
    assert [wrong for each in done for wrong in each.wrong] == []


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/school/<int:school_id>", SignedIn()),
        ("/organisator/<string:slug>", SignedIn()),
        ("/organisator/<string:slug>/werkmap.xlsx", Organiser("slug", Permission.EXPORT_PERSONS)),
        ("/organisator/<string:slug>/berichten", RegionReader("slug")),
        ("/aanbieder/<int:host_id>", Public()),
    ],
)
def test_the_matrix_sees_a_rule_that_lets_others_in(
    ground: Ground, cast: list[Actor], path: str, rule: AccessRule
) -> None:
    endpoint = next(rule.endpoint for rule in list_rules(ground.app) if rule.rule == path)
    ground.app.view_functions[endpoint].access_rule = rule  # type: ignore[attr-defined]
    (done,) = sweep(ground, cast, {path}, full=False)
    assert done.wrong


def test_the_matrix_sees_a_missing_row_that_differs_from_a_foreign_one(
    ground: Ground, cast: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/organisator/<string:slug>/run/<int:run_id>"
    show = ground.app.view_functions["organiser.show_run"]

    def tell(slug: str, run_id: int) -> object:
        missing = Response("no such run", 404, mimetype="text/plain")
        return missing if run_id > 1000 else show(slug=slug, run_id=run_id)

    tell.access_rule = show.access_rule  # type: ignore[attr-defined]
    monkeypatch.setitem(ground.app.view_functions, "organiser.show_run", tell)
    (done,) = sweep(ground, cast, {path}, full=False)
    assert any("can tell crossed from" in wrong for wrong in done.wrong)


def test_a_kind_of_rule_that_the_matrix_does_not_know_is_named(cast: list[Actor]) -> None:
    known = next(actor for actor in cast if actor.role == Role.ORGANISER)
    with pytest.raises(AssertionError, match="COUNTING_PLACES"):
        expect(Access("Friend", Permission.SEE_SCHOOL), known, "own", has_rows=True)


def test_the_expectation_of_a_few_cells_is_as_agreed(cast: list[Actor]) -> None:
    by_name = {actor.name: actor for actor in cast}
    publish = Access("Organiser", Permission.PUBLISH_RUNS, recent=True)
    cells = {
        ("organiser", "own"): ENTERS,
        ("organiser", "foreign"): MISSING,
        ("organiser", "crossed"): MISSING,
        ("viewer", "own"): MISSING,
        ("organiser of a while ago", "own"): CONFIRM,
        ("organiser of a while ago", "foreign"): MISSING,
        ("organiser after the first step", "own"): SECOND_STEP,
        ("organiser made inactive", "own"): SIGN_IN,
        ("organiser of before", "own"): MISSING,
        ("administrator", "own"): ENTERS,
        ("anonymous", "own"): SIGN_IN,
    }
    found = {cell: expect(publish, by_name[cell[0]], cell[1], has_rows=True) for cell in cells}
    assert found == cells


def list_weaker(rule: AccessRule) -> list[AccessRule]:
    """Return what is left of a rule when one of its guards is taken out."""
    if isinstance(rule, SignedIn):
        bare: AccessRule = Public(recent=rule.recent, after_first_step=rule.after_first_step)
    else:
        bare = SignedIn(recent=rule.recent, after_first_step=rule.after_first_step)
    weaker = [bare]
    if rule.recent:
        weaker.append(replace(rule, recent=False))  # type: ignore[type-var]
    if not rule.after_first_step:
        weaker.append(replace(rule, after_first_step=True))  # type: ignore[type-var]
    held = getattr(rule, "permission", None)
    if held is not None:
        # Of the roles that a wider permission lets in, those count that can be had at such a place.
        places = COUNTING_PLACES[type(rule).__name__]
        others = [
            p
            for p in Permission
            if any(place_of_role(role) in places for role in roles_with(p) - roles_with(held))
        ]
        weaker += [replace(rule, permission=p) for p in others]  # type: ignore[type-var,call-arg]
    return weaker


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_no_guard_can_be_taken_out_unseen(ground: Ground, cast: list[Actor]) -> None:
    unseen, tried = [], 0
    for rule in list_rules(ground.app):
        view = ground.app.view_functions[rule.endpoint]
        kept = view.access_rule  # type: ignore[attr-defined]
        for weaker in [] if isinstance(kept, Public) else list_weaker(kept):
            view.access_rule = weaker  # type: ignore[attr-defined]
            access = read_table()[method_of(rule), rule.rule]
            tried += 1
            if not Sweep(ground, rule, access, full=False).run(cast).wrong:
                unseen.append(f"{rule.rule}: {weaker}")
        view.access_rule = kept  # type: ignore[attr-defined]
    assert tried > 100
    assert unseen == []
