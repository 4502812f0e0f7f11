"""Providers of sign-in: as many as the operator likes, and every mistake named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.config import Settings, SettingsError, load_settings
from matchmaker.providers import is_safe_address

ENTREE = {
    "ENTREE_NAME": "Entree",
    "ENTREE_URL": "https://entree.example/.well-known/openid-configuration",
    "ENTREE_CLIENT_ID": "techniek",
    "ENTREE_CLIENT_SECRET": "geheim",
}


def load(folder: Path, **values: str) -> Settings:
    return load_settings({f"MATCHMAKER_OPENID_{name}": value for name, value in values.items()}, folder)


def problems_of(folder: Path, **values: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder, **values)
    return caught.value.problems


def test_without_settings_there_is_no_provider(tmp_path: Path) -> None:
    assert load(tmp_path).providers == ()
    assert load(tmp_path, ENTREE_NAME="", ENTREE_URL=" ").providers == ()


def test_a_provider_asks_for_no_more_than_who_somebody_is_unless_told_to(tmp_path: Path) -> None:
    (provider,) = load(tmp_path, **ENTREE).providers
    assert (provider.key, provider.name, provider.issuer) == ("entree", "Entree", "https://entree.example")
    assert (provider.scopes, provider.subject_claim) == ("openid", "sub")
    assert (provider.organisation_claim, provider.name_claim, provider.email_claim) == ("", "", "")


def test_every_claim_can_be_mapped(tmp_path: Path) -> None:
    (provider,) = load(
        tmp_path,
        **ENTREE,
        ENTREE_SCOPES=" openid   profile ",
        ENTREE_SUBJECT_CLAIM="uid",
        ENTREE_ORGANISATION_CLAIM="nlEduPersonHomeOrganizationId",
        ENTREE_NAME_CLAIM="givenName",
        ENTREE_EMAIL_CLAIM="mail",
    ).providers
    assert (provider.scopes, provider.subject_claim) == ("openid profile", "uid")
    assert provider.organisation_claim == "nlEduPersonHomeOrganizationId"
    assert (provider.name_claim, provider.email_claim) == ("givenName", "mail")


def test_there_may_be_several(tmp_path: Path) -> None:
    google = {
        name.replace("ENTREE", "GOOGLE"): value.replace("entree", "google").replace("Entree", "Google")
        for name, value in ENTREE.items()
    }
    settings = load(tmp_path, **google, **ENTREE)
    assert [provider.name for provider in settings.providers] == ["Entree", "Google"]
    assert settings.find_provider("google") == settings.providers[1]
    assert settings.find_provider("GOOGLE") is None


def test_what_is_missing_is_named_and_so_is_everything_else(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        ENTREE_CLIENT_ID="techniek",
        ENTREE_URL="http://entree.example/.well-known/openid-configuration",
        ENTREE_SCOPES="profile",
        ENTREE_COLOUR="green",
        NAME="Entree",
    )
    named = [problem.split()[0].rstrip(":") for problem in problems]
    assert sorted(named) == [
        "MATCHMAKER_OPENID_ENTREE_CLIENT_SECRET",
        "MATCHMAKER_OPENID_ENTREE_COLOUR",
        "MATCHMAKER_OPENID_ENTREE_NAME",
        "MATCHMAKER_OPENID_ENTREE_SCOPES",
        "MATCHMAKER_OPENID_ENTREE_URL",
        "MATCHMAKER_OPENID_NAME",
    ]


@pytest.mark.parametrize("claim", ["email", "Email", "preferred_username", "upn", "name"])
def test_nobody_is_told_apart_by_what_can_change_or_pass_on(tmp_path: Path, claim: str) -> None:
    assert "SUBJECT_CLAIM" in problems_of(tmp_path, **ENTREE, ENTREE_SUBJECT_CLAIM=claim)[0]


@pytest.mark.parametrize("part", ["NAME", "URL"])
def test_two_providers_share_neither_name_nor_address(tmp_path: Path, part: str) -> None:
    other = {
        "OTHER_NAME": "Other",
        "OTHER_URL": "https://other.example/.well-known/openid-configuration",
        "OTHER_CLIENT_ID": "techniek",
        "OTHER_CLIENT_SECRET": "geheim",
        f"OTHER_{part}": ENTREE[f"ENTREE_{part}"],
    }
    assert problems_of(tmp_path, **ENTREE, **other) == [
        f"MATCHMAKER_OPENID_OTHER_{part}: ENTREE has the same."
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://entree.example",
        "http://entree.example/.well-known/openid-configuration",
        "http://127.0.0.1.entree.example/.well-known/openid-configuration",
        "https://user@entree.example/.well-known/openid-configuration",
        "https://entree.example:poort/.well-known/openid-configuration",
        "https://entree.example?/.well-known/openid-configuration",
        "https:///.well-known/openid-configuration",
        "file:///.well-known/openid-configuration",
    ],
)
def test_a_discovery_address_is_safe_and_standard(tmp_path: Path, url: str) -> None:
    problems = problems_of(tmp_path, **{**ENTREE, "ENTREE_URL": url})
    assert [problem.split(":")[0] for problem in problems] == ["MATCHMAKER_OPENID_ENTREE_URL"]


@pytest.mark.parametrize(
    "url", ["http://localhost:9400/x", "http://127.0.0.2/x", "http://[::1]:9/x", "https://entree.example/x"]
)
def test_within_this_machine_no_https_is_needed(url: str) -> None:
    assert is_safe_address(url)


def test_a_secret_is_not_shown_by_accident(tmp_path: Path) -> None:
    assert "geheim" not in repr(load(tmp_path, **ENTREE).providers)
