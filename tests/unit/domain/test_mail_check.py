"""What the settings of a site say about whether its mail will arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matchmaker.domain.mail_check import (
    Dkim,
    MailSetup,
    check_setup,
    leads_nowhere,
    list_records,
    shares_organisation,
)
from matchmaker.domain.mail_findings import Finding, Grade, Topic, grade_of

GOOD = MailSetup(
    server="smtp.techniekpact.nl",
    port=587,
    tls="starttls",
    has_login=True,
    directory="/srv/mail",
    directory_is_private=None,
    domain="techniekpact.nl",
    base_url="https://www.techniekpact.nl",
    sender="boekingen@techniekpact.nl",
    message_id="trial.1@techniekpact.nl",
    organiser="boekingen+token@techniekpact.nl",
    reply_to="bureau@techniekpact.nl",
    dkim=Dkim("2026", "MIIBIjAN"),
    unsubscribes=True,
    reads_replies=True,
    per_minute=30,
)
EVERY_VARIANT: dict[Finding, dict[str, Any]] = {
    Finding.SERVER_MISSING: {"server": ""},
    Finding.DIRECTORY_OPEN: {"server": "", "directory_is_private": False},
    Finding.TLS_NOT_NEEDED: {"server": "localhost", "tls": "none"},
    Finding.TLS_MISSING: {"tls": "none", "has_login": False},
    Finding.PASSWORD_IN_CLEAR: {"tls": "none"},
    Finding.LOGIN_MISSING: {"has_login": False},
    Finding.PACE_FREE: {"per_minute": None},
    Finding.DOMAIN_NOWHERE: {"domain": "techniek.example"},
    Finding.SENDER_STRANGE: {"organiser": "boekingen@elders.nl"},
    Finding.REPLY_TO_ELSEWHERE: {"reply_to": "bureau@gemeente.nl"},
    Finding.REPLY_TO_MISSING: {"reply_to": ""},
    Finding.LINKS_ELSEWHERE: {"base_url": "https://matchmaker.nl"},
    Finding.LINKS_LOCAL: {"base_url": "http://127.0.0.1:8000"},
    Finding.LINKS_OPEN: {"base_url": "http://techniekpact.nl"},
    Finding.DKIM_OFF: {"dkim": None},
    Finding.DKIM_BROKEN: {"dkim": Dkim("2026", problem="no such file")},
    Finding.UNSUBSCRIBE_MISSING: {"unsubscribes": False},
    Finding.REPLIES_UNREAD: {"reads_replies": False},
}


def findings(setup: MailSetup) -> list[Finding]:
    return [line.finding for line in check_setup(setup)]


def test_a_good_setup_has_nothing_to_mend_and_says_what_to_look_up() -> None:
    lines = check_setup(GOOD)
    assert {line.grade for line in lines} == {Grade.GOOD, Grade.LOOK}
    assert [line.finding for line in lines if line.grade is Grade.LOOK] == [
        Finding.DKIM_ON,
        Finding.SPF,
        Finding.DMARC,
        Finding.REPLIES_READ,
    ]


@pytest.mark.parametrize(("finding", "change"), EVERY_VARIANT.items())
def test_each_flaw_is_found_and_only_there(finding: Finding, change: dict[str, Any]) -> None:
    assert finding not in findings(GOOD)
    assert finding in findings(replace(GOOD, **change))


def test_every_finding_can_be_met() -> None:
    met = set(findings(GOOD)).union(*(findings(replace(GOOD, **c)) for c in EVERY_VARIANT.values()))
    assert met == set(Finding)


def test_the_first_start_says_that_nobody_gets_mail() -> None:
    setup = replace(
        GOOD,
        server="",
        directory_is_private=True,
        domain="techniek.example",
        base_url="http://127.0.0.1:8000",
        sender="boekingen@techniek.example",
        message_id="trial.1@techniek.example",
        organiser="boekingen@techniek.example",
    )
    broken = [line.finding for line in check_setup(setup) if line.grade is Grade.BROKEN]
    assert broken == [Finding.SERVER_MISSING, Finding.DOMAIN_NOWHERE, Finding.LINKS_LOCAL]


def test_a_domain_of_nobody_has_nothing_to_publish() -> None:
    setup = replace(GOOD, domain="techniek.example")
    assert list_records(setup) == ()
    assert not {Finding.SPF, Finding.DMARC} & set(findings(setup))


def test_without_a_region_nobody_judges_where_answers_go() -> None:
    reply_to = {Finding.REPLY_TO_OWN, Finding.REPLY_TO_ELSEWHERE, Finding.REPLY_TO_MISSING}
    assert not reply_to & set(findings(replace(GOOD, reply_to=None)))


def test_topics_come_in_their_order() -> None:
    topics = [line.topic for line in check_setup(GOOD)]
    assert topics == sorted(topics, key=list(Topic).index)
    assert set(topics) == set(Topic)


@pytest.mark.parametrize(
    ("server", "allowed"),
    [
        ("smtp.techniekpact.nl", "a:smtp.techniekpact.nl"),
        ("smtp.office365.com", "include:spf.protection.outlook.com"),
        ("smtp-relay.gmail.com", "include:_spf.google.com"),
        ("localhost", "a:techniekpact.nl"),
        ("", "a:techniekpact.nl"),
    ],
)
def test_the_spf_record_allows_who_sends(server: str, allowed: str) -> None:
    spf = next(r for r in list_records(replace(GOOD, server=server)) if r.finding is Finding.SPF)
    assert (spf.name, spf.value) == ("techniekpact.nl", f"v=spf1 {allowed} ~all")


def test_the_dkim_record_holds_the_public_key() -> None:
    record = list_records(GOOD)[0]
    assert record.name == "2026._domainkey.techniekpact.nl"
    assert record.value == "v=DKIM1; k=rsa; p=MIIBIjAN"


@pytest.mark.parametrize("dkim", [None, Dkim("2026", problem="no such file")])
def test_without_a_usable_key_there_is_no_dkim_record(dkim: Dkim | None) -> None:
    records = list_records(replace(GOOD, dkim=dkim))
    assert [record.finding for record in records] == [Finding.SPF, Finding.DMARC]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("techniekpact.nl", "techniekpact.nl", True),
        ("www.techniekpact.nl", "mail.TechniekPact.nl.", True),
        ("techniekpact.nl", "anders.nl", False),
        ("echttechniekpact.nl", "techniekpact.nl", False),
        ("", "", False),
    ],
)
def test_domains_of_one_organisation_share_its_name(one: str, other: str, same: bool) -> None:
    assert shares_organisation(one, other) == same


@pytest.mark.parametrize(
    ("domain", "nowhere"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("techniek.example", True),
        ("mail.example.com", True),
        ("printer.local", True),
        ("techniekpact.nl", False),
        ("voorbeeldexample.nl", False),
    ],
)
def test_names_that_exist_nowhere_are_known(domain: str, nowhere: bool) -> None:
    assert leads_nowhere(domain) == nowhere


def test_only_a_broken_finding_stops_mail() -> None:
    assert {f for f in Finding if grade_of(f) is Grade.BROKEN} == {
        Finding.SERVER_MISSING,
        Finding.PASSWORD_IN_CLEAR,
        Finding.DOMAIN_NOWHERE,
        Finding.SENDER_STRANGE,
        Finding.LINKS_LOCAL,
        Finding.DKIM_BROKEN,
    }
