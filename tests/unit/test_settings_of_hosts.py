"""Under which names the site answers, and how many proxies it believes."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.config import Settings, SettingsError, load_settings


def settings(tmp_path: Path, **values: str) -> Settings:
    return load_settings({f"MATCHMAKER_{name.upper()}": value for name, value in values.items()}, tmp_path)


def test_a_site_on_the_internet_answers_under_its_own_names_only(tmp_path: Path) -> None:
    made = settings(
        tmp_path, base_url="https://Techniek.example:8443", hosts=" www.Techniek.example, ,Ü.example "
    )
    assert made.host_names == {"techniek.example", "www.techniek.example", "xn--tda.example"}


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://localhost", "http://0.0.0.0:80"])
def test_a_site_on_the_own_machine_answers_under_every_local_name(tmp_path: Path, base_url: str) -> None:
    assert settings(tmp_path, base_url=base_url).host_names >= {"127.0.0.1", "localhost", "::1"}


@pytest.mark.parametrize("hosts", ["https://techniek.example", "techniek.example:80", "a b", "a/b", "*"])
def test_what_is_no_name_stops_the_start(tmp_path: Path, hosts: str) -> None:
    with pytest.raises(SettingsError, match="MATCHMAKER_HOSTS"):
        settings(tmp_path, hosts=hosts)


def test_https_means_one_proxy_unless_the_operator_says_otherwise(tmp_path: Path) -> None:
    assert settings(tmp_path).trusted_proxies == 0
    assert settings(tmp_path, base_url="https://techniek.example").trusted_proxies == 1
    assert settings(tmp_path, base_url="https://techniek.example", proxies="0").trusted_proxies == 0
    assert settings(tmp_path, proxies="2").trusted_proxies == 2


def test_a_second_step_is_asked_unless_the_operator_says_otherwise(tmp_path: Path) -> None:
    assert settings(tmp_path).require_second_factor
    assert not settings(tmp_path, require_second_factor="no").require_second_factor
