"""No text of one organisation reaches another, on whatever page, file, mail log or error.

Every text of every row holds a token that tells whose it is; everybody walks through the whole site.
What others may read stands in one place: PUBLISHED, and SHARED for who works together.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from matchmaker.domain.kinds import Role
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.notifications.publication import compose_publication
from matchmaker.queries.devices import find_device_by_token
from matchmaker.queries.runs import get_run
from matchmaker.services.publication_facts import load_publication_facts, plan_bookings
from matchmaker.web.access import Public, access
from matchmaker.web.identity import TOKEN_KEY
from tests.site.aviary import Aviary, Canary, add_others_in, list_texts, plant
from tests.site.cast import Actor, build_cast
from tests.site.ground import Ground, list_rules, method_of, path_of
from tests.site.insight import add_insight
from tests.site.matrix import PLACES

PUBLISHED = {
    "region": {"name", "contact_email", "contact_phone", "sender_name"},
    "round": {"name"},
    "organisation": {"name", "place", "street", "municipality"},
    "activity": {"title", "description", "practical", "address"},
    "slot": {"address"},
}
"""What the catalogue and the pages of a region show to everybody."""

SHARED = {
    "school_group": {"name"},
    "user_account": {"name", "email", "phone"},
}
"""What a school and a host that have a visit together show each other: who comes, and whom to call."""

ONLY_READS = {"message", "user_account", "sign_in_token", "invitation"}
"""What somebody who only reads a region never sees: mails and how to reach people."""

BY_LETTER = {
    "/uitnodiging/": {"invitation"},
    # Which group goes, and what its holder answered; not who was asked.
    "/vraag/": {"school_group.name", "signed_question.remark"},
}
"""What the link in a letter shows to whoever holds the letter, as tables or single columns."""

HREF = re.compile(r'(?:href|action|src|hx-get)="(/[^"]*)"')


@dataclass
class Walk:
    """One person on their way through the site, and the texts that were not theirs to see."""

    ground: Ground
    aviary: Aviary
    actor: Actor
    own: frozenset[int]
    partners: frozenset[int]
    user_id: int
    follow: int = 0
    seen: set[str] = field(default_factory=set)
    leaks: set[str] = field(default_factory=set)
    found: int = 0

    def run(self) -> Walk:
        """Open every address about one's own and others' rows, then what their pages lead to."""
        links = [link for path in self._list_paths() for link in self._open(path)]
        for link in links[: self.follow]:
            self._open(link)
        return self

    def _list_paths(self) -> Iterator[str]:
        site = self.ground.site
        crossed = {**site.other.arguments(), **{name: site.own.arguments()[name] for name in PLACES}}
        for rule in list_rules(self.ground.app):
            if method_of(rule) == "GET":
                for arguments in (site.own.arguments(), site.other.arguments(), crossed):
                    yield path_of(self.ground.app, rule, arguments)

    def _open(self, path: str) -> list[str]:
        path = path.replace("&amp;", "&")
        if path in self.seen or path.startswith("/static"):
            return []
        self.seen.add(path)
        response = self.actor.visit(self.ground.app).get(path)
        text = read(response) + str(response.headers)
        for token, canary in self.aviary.find(text).items():
            self.found += 1
            names = {canary.table, f"{canary.table}.{canary.column}"}
            by_letter = any(path.startswith(start) and names & of for start, of in BY_LETTER.items())
            if not by_letter and not self.may_see(canary):
                self.leaks.add(f"{self.actor.name} reads {canary.table}.{canary.column} ({token}) on {path}")
        return HREF.findall(text)

    def may_see(self, canary: Canary) -> bool:
        """Tell whether a text is this person's to read."""
        if canary.column in PUBLISHED.get(canary.table, ()) or self.user_id in canary.users:
            return True
        if self.actor.where == "region" and canary.regions == {self.ground.site.own.region_id}:
            return self.actor.role != Role.VIEWER or canary.table not in ONLY_READS
        if self.own & canary.organisations:
            return True
        return bool(self.partners & canary.organisations) and canary.column in SHARED.get(canary.table, ())


def read(response: Any) -> str:
    """Return all that stands in an answer, also inside a workbook, a mail or folded lines of a calendar."""
    if response.mimetype.endswith("sheet"):
        with zipfile.ZipFile(io.BytesIO(response.data)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    text = str(response.get_data().decode(errors="replace"))
    if response.mimetype == "message/rfc822":
        mail = email.message_from_bytes(response.data, policy=email.policy.default)
        text += "\n".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    return text.replace("\r\n ", "") + text


WITHOUT_ROWS = {
    "postcode_place",
    "join_request.host_name",
    *("heartbeat", "sending_state", "mail_departure", "incoming_mail"),
}
"""Tables that are of no region, and the name of a host that is none of the site's yet."""

Walked = tuple[Ground, Aviary, list[Actor]]


@pytest.fixture
def walked(ground: Ground) -> Walked:
    site = ground.site
    with ground.app.app_context():
        for place in (site.own, site.other):
            add_insight(place)
            add_others_in(place)
    cast = build_cast(ground.app, site)
    with ground.app.app_context():
        aviary = plant()
        db.session.remove()
    return ground, aviary, cast


def walk(walked: Walked, actor: Actor, follow: int = 0) -> Walk:
    ground, aviary, _ = walked
    own = {"school": ground.site.own.school_id, "host": ground.site.own.host_id}
    own["board"] = own["school"]
    partner = {"school": own["host"], "host": own["school"], "board": own["host"]}
    organisations = frozenset({own[actor.where]} if actor.where in own else ())
    partners = frozenset({partner[actor.where]} if actor.where in partner else ())
    with ground.app.app_context():
        user_id = find_user(actor)
    return Walk(ground, aviary, actor, organisations, partners, user_id, follow).run()


def find_user(actor: Actor) -> int:
    device = find_device_by_token(hash_token(actor.session.get(TOKEN_KEY, "")))
    return device.user_id if device else 0


def list_whole(cast: list[Actor]) -> list[Actor]:
    """Return the people who get in, one of each kind."""
    return [actor for actor in cast if " " not in actor.name]


def test_nobody_reads_what_is_of_others(walked: Walked) -> None:
    walks = [walk(walked, actor) for actor in list_whole(walked[2]) if actor.role != Role.ADMINISTRATOR]
    assert sorted(leak for each in walks for leak in each.leaks) == []
    by_name = {each.actor.name: each.found for each in walks}
    assert by_name["anonymous"] >= 10
    assert by_name["coordinator"] > by_name["anonymous"]
    assert by_name["organiser"] > 2 * by_name["coordinator"]


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_nobody_reads_what_is_of_others_wherever_the_pages_lead(walked: Walked) -> None:
    walks = [walk(walked, actor, follow=2000) for actor in walked[2]]
    assert sorted(leak for each in walks for leak in each.leaks) == []
    assert max(len(each.seen) for each in walks) > 100


def test_mails_of_a_publication_hold_nothing_of_others(walked: Walked) -> None:
    ground, aviary, _ = walked
    with ground.app.app_context():
        run = get_run(ground.site.own.run_id, with_documents=True)
        facts = load_publication_facts(run, plan_bookings(run))
        messages = compose_publication(facts, ground.app.config["SETTINGS"])
        told = [(message, find_tokens(aviary, message)) for message in messages]
    assert len(told) >= 2
    visit = {ground.site.own.school_id, ground.site.own.host_id}
    for message, found in told:
        own = {message.organisation_id}
        shared = visit if own <= visit else set[int | None]()
        assert found, "a mail without a canary proves nothing"
        assert [
            f"{message.recipient}: {canary.table}.{canary.column}"
            for canary in found
            if not own & canary.organisations
            and canary.column not in PUBLISHED.get(canary.table, ())
            and not (shared & canary.organisations and canary.column in SHARED.get(canary.table, ()))
        ] == []


def find_tokens(aviary: Aviary, message: Message) -> list[Canary]:
    mail = email.message_from_bytes(message.body, policy=email.policy.default)
    parts = [str(mail)] + [
        part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
    ]
    return list(aviary.find("\n".join(parts)).values())


def test_every_text_is_planted_in_both_regions(walked: Walked) -> None:
    ground, aviary, _ = walked
    regions = {ground.site.own.region_id, ground.site.other.region_id}
    planted = {
        (canary.table, canary.column): {
            region
            for other in aviary.canaries.values()
            if (other.table, other.column) == (canary.table, canary.column)
            for region in other.regions
        }
        for canary in aviary.canaries.values()
    }
    bare = [
        name
        for table, column in list_texts()
        if not {table.name, name := f"{table.name}.{column.name}"} & WITHOUT_ROWS
        and not regions <= planted.get((table.name, column.name), set())
    ]
    assert bare == [], "make a row of these tables in both regions: tests/site/rows.py or aviary.py"


def test_a_leak_is_seen_on_pages_in_files_and_in_headers(walked: Walked) -> None:
    ground, aviary, cast = walked
    secret = next(
        token
        for token, canary in aviary.canaries.items()
        if (canary.table, canary.column) == ("user_account", "phone")
        and ground.site.other.region_id in canary.regions
    )
    answers = {
        "page": (f"<p>{secret}</p>", 200, {"Content-Type": "text/plain"}),
        "error": (secret, 404, {"Content-Type": "text/plain"}),
        "header": ("", 200, {"Content-Disposition": f"attachment; filename={secret}"}),
        "calendar": (f"SUMMARY:{secret[:9]}\r\n {secret[9:]}\r\n", 200, {"Content-Type": "text/calendar"}),
    }
    for name, answer in answers.items():
        view = access(Public())(lambda answer=answer: answer)
        ground.app.add_url_rule(f"/leak-{name}", f"leak.{name}", view)
    anonymous = next(actor for actor in cast if actor.name == "anonymous")
    leaks = walk(walked, anonymous).leaks
    assert {leak.rsplit("/", 1)[1] for leak in leaks} == {f"leak-{name}" for name in answers}
