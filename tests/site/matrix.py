"""What each address should answer to everybody, and what it does answer.

The expectation comes from the reviewed list of addresses and the table of permissions, never from the
rule on the view, so that a view that lost its rule does not lose its test with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from werkzeug.routing import Rule

from matchmaker.domain.permissions import may
from matchmaker.extensions import db
from matchmaker.models import AttemptCount
from tests.site.cast import Actor
from tests.site.clients import StrictClient
from tests.site.forms import FORMS, Stage
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, method_of, path_of
from tests.site.routes import Access

MISSING_ID = 987_654
PLACES = ("slug", "school_id", "host_id")
ENTERS, SIGN_IN, SECOND_STEP, CONFIRM, MISSING = "enters", "sign in", "second step", "confirm", "missing"
ASKED = {"/inloggen": SIGN_IN, "/inloggen/tweede-stap": SECOND_STEP, "/mijn/bevestigen": CONFIRM}

# For each kind of access rule: where a role must count for it to open the own place.
COUNTING_PLACES: Mapping[str, frozenset[str]] = {
    "SchoolMember": frozenset({"school", "board", "region"}),
    "BoardMember": frozenset({"board", "region"}),
    "HostMember": frozenset({"host", "region"}),
    "Organiser": frozenset({"region"}),
    "RegionReader": frozenset({"region"}),
}


# Who enters without signing in; pages about a region also run in its scope.
PUBLIC = frozenset({"Public", "PublicRegion", "Probe"})


def expect(access: Access, actor: Actor, target: str, *, has_rows: bool) -> str:
    """Return what an address should answer.

    Parameters
    ----------
    target
        Whose place and row the address names: own, foreign, missing, or of one's own place a row
        that is foreign or missing (crossed, crossed and missing).
    has_rows
        Whether the address names a row of one's own at all.
    """
    if access.kind == "MetricsReader":
        # Nobody in the cast knows the token; that it opens is shown elsewhere.
        return MISSING
    if access.kind in PUBLIC:
        return ENTERS
    if not actor.signed_in:
        return SIGN_IN
    if not actor.second_step and not access.after_first_step:
        return SECOND_STEP
    if access.kind != "SignedIn" and not _opens(access, actor, target):
        return MISSING
    if access.recent and not actor.recent:
        return CONFIRM
    if access.kind == "SignedIn" and has_rows:
        # A row of one person, and of nobody in the cast: that it opens for its owner is shown elsewhere.
        return MISSING
    return MISSING if target != "own" and has_rows else ENTERS


def _opens(access: Access, actor: Actor, target: str) -> bool:
    assert access.kind in COUNTING_PLACES, (
        f"say in COUNTING_PLACES of tests/site/matrix.py where a role must count for {access.kind}"
    )
    assert access.permission is not None
    return (
        target not in {"foreign", "missing"}
        and actor.role is not None
        and may(actor.role, access.permission)
        and actor.where in COUNTING_PLACES[access.kind]
    )


@dataclass
class Sweep:
    """One address, asked by everybody about every target."""

    ground: Ground
    rule: Rule
    access: Access
    full: bool = True
    wrong: list[str] = field(default_factory=list)
    cells: int = 0

    def run(self, cast: list[Actor]) -> Sweep:
        """Ask, compare and put everything back."""
        posts = method_of(self.rule) == "POST"
        stages = self._stages() if posts else {}
        before = self._rows()
        admitted = []
        for actor, target in self._list_cells(cast):
            expected = self._expect(actor, target)
            if expected == ENTERS and posts:
                admitted.append((actor, target))
            else:
                self._compare(actor, target, expected, stages)
        if self._rows() != before:
            self.wrong.append(f"{self.rule.rule}: somebody who was refused changed a row")
        for actor, target in admitted if self.full else admitted[:1]:
            self.ground.restore()
            self._compare(actor, target, ENTERS, self._stages())
        if posts:
            self.ground.restore()
        return self

    def _list_cells(self, cast: list[Actor]) -> Iterator[tuple[Actor, str]]:
        """Yield who asks for what; a short sweep asks for others' rows as those who enter their own."""
        for actor in cast:
            enters = self._expect(actor, "own") in {ENTERS, CONFIRM}
            for target in self.targets():
                if self.full or target == "own" or (enters and "missing" not in target):
                    yield actor, target

    def _expect(self, actor: Actor, target: str) -> str:
        return expect(self.access, actor, target, has_rows=bool(self.rule.arguments))

    def targets(self) -> list[str]:
        """Return which targets this address can name."""
        if not self.rule.arguments:
            return ["own"]
        # A date is nobody's row.
        crossed = len(self.rule.arguments - {"day"}) > 1 and self.rule.arguments & set(PLACES)
        return ["own", "foreign", "missing", *(["crossed", "crossed and missing"] if crossed else [])]

    def _compare(self, actor: Actor, target: str, expected: str, stages: dict[str, Stage]) -> None:
        self.cells += 1
        found, body = self._ask(actor, target, stages)
        if found != expected and not (found == MISSING and self._may_be_missing(target)):
            self.wrong.append(
                f"{actor.name} at {target} {self.rule.rule}: {expected} expected, {found} found"
            )
        if found == MISSING and target in {"foreign", "crossed"}:
            twin = "missing" if target == "foreign" else "crossed and missing"
            if self._ask(actor, twin, stages) != (found, body):
                self.wrong.append(f"{actor.name} can tell {target} from {twin} at {self.rule.rule}")

    def _may_be_missing(self, target: str) -> bool:
        """Tell whether an open address may know nothing: of a stranger, or of a token of no letter."""
        is_reading = method_of(self.rule) == "GET"
        by_letter = is_reading and bool({"token", "feed_key", "mute_token"} & set(self.rule.arguments))
        return self.access.kind in PUBLIC and (target != "own" or by_letter)

    def _ask(self, actor: Actor, target: str, stages: dict[str, Stage]) -> tuple[str, bytes]:
        client = actor.visit(self.ground.app)
        self._forget_guesses()
        self.ground.ran.clear()
        if method_of(self.rule) == "POST":
            response = self._post(client, target, stages)
        else:
            path = path_of(self.ground.app, self.rule, self._arguments(target, {}))
            response = client.get(path)
        return self._name(response), response.data

    def _forget_guesses(self) -> None:
        """Let nobody be refused for what others guessed: that this is counted is shown elsewhere."""
        with self.ground.app.app_context(), db.engine.begin() as connection:
            connection.execute(sa.delete(AttemptCount))

    def _post(self, client: StrictClient, target: str, stages: dict[str, Stage]) -> Any:
        stage = stages.get(target, stages["own"])
        own = FORMS[self.rule.endpoint].arguments
        with self.ground.app.app_context():
            arguments = self._arguments(target, {name: own(stage) for name, stage in stages.items()})
        return self.ground.send(self.rule, stage, client, arguments=arguments)

    def _arguments(self, target: str, own: dict[str, dict[str, Any]]) -> dict[str, Any]:
        site = self.ground.site
        values = {
            "own": {**site.own.arguments(), **own.get("own", {})},
            "foreign": {**site.other.arguments(), **own.get("foreign", {})},
        }
        values["missing"] = {
            name: MISSING_ID if isinstance(value, int) else "nergens" for name, value in values["own"].items()
        }
        place = {name: values["own"][name] for name in PLACES}
        values["crossed"] = {**values["foreign"], **place}
        values["crossed and missing"] = {**values["missing"], **place}
        return values[target]

    def _name(self, response: Any) -> str:
        if response.status_code == 404:
            return MISSING
        answers = response.status_code < 400 or (self.access.kind == "Probe" and response.status_code == 503)
        if self.ground.ran == [self.rule.endpoint] and answers:
            return ENTERS
        return ASKED.get(response.location, f"{response.status_code} {response.location}")

    def _stages(self) -> dict[str, Stage]:
        """Make the rows that the form needs at both places; names as of the targets."""
        site = self.ground.site
        places = {"own": site.own, "foreign": site.other} if self.rule.arguments else {"own": site.own}
        return {name: self.ground.stage(self.rule.endpoint, place) for name, place in places.items()}

    def _rows(self) -> dict[str, list[Any]]:
        return dump_database(self.ground.app, TRACES_OF_VISITS)
