"""What a device is called, how long it stays signed in, and when rights count as changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.devices import (
    MEMBER_LIFETIME,
    REGION_LIFETIME,
    Browser,
    System,
    describe_browser,
    is_live,
    lifetime_for,
    mark_rights,
)
from matchmaker.domain.kinds import Role

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"{WINDOWS} {KHTML} Chrome/142.0 Safari/537.36 Edg/142.0", (Browser.EDGE, System.WINDOWS)),
        (f"{WINDOWS} Gecko/20100101 Firefox/145.0", (Browser.FIREFOX, System.WINDOWS)),
        (f"{MAC} Version/18.1 Safari/605.1.15", (Browser.SAFARI, System.MAC)),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
            (Browser.SAFARI, System.IPHONE),
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) CriOS/142.0 Safari/604.1",
            (Browser.CHROME, System.IPAD),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {KHTML} Chrome/142.0 Mobile Safari/537.36",
            (Browser.CHROME, System.ANDROID),
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {KHTML} Chrome/142.0 Safari/537.36",
            (Browser.CHROME, System.CHROMEBOOK),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0", (Browser.FIREFOX, System.LINUX)),
        ("", (Browser.OTHER, System.OTHER)),
        ("<script>" * 1000, (Browser.OTHER, System.OTHER)),
    ],
)
def test_a_device_is_known_by_two_words(user_agent: str, expected: tuple[Browser, System]) -> None:
    assert describe_browser(user_agent) == expected


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_lifetime(role: Role) -> None:
    strict = role in {Role.ORGANISER, Role.VIEWER, Role.ADMINISTRATOR}
    assert lifetime_for([role]) == (REGION_LIFETIME if strict else MEMBER_LIFETIME)


def test_the_strictest_role_decides() -> None:
    assert lifetime_for([Role.TEACHER, Role.ORGANISER]) == REGION_LIFETIME
    assert lifetime_for([]) == MEMBER_LIFETIME


def test_a_device_that_is_not_used_signs_out() -> None:
    idle = REGION_LIFETIME.idle
    assert is_live(NOW, NOW, REGION_LIFETIME, NOW + idle - timedelta(seconds=1))
    assert not is_live(NOW, NOW, REGION_LIFETIME, NOW + idle)


def test_a_device_that_is_always_used_signs_out_in_the_end() -> None:
    late = NOW + REGION_LIFETIME.total
    assert is_live(NOW, late - timedelta(minutes=1), REGION_LIFETIME, late - timedelta(seconds=1))
    assert not is_live(NOW, late - timedelta(minutes=1), REGION_LIFETIME, late)


def test_the_order_of_memberships_is_no_change_of_rights() -> None:
    first, second = (1, 7, Role.COORDINATOR, ""), (1, None, Role.ORGANISER, "")
    assert mark_rights([first, second]) == mark_rights([second, first, first])


@pytest.mark.parametrize(
    "other",
    [[], [(1, 7, Role.TEACHER, "")], [(1, 8, Role.COORDINATOR, "")], [(2, 7, Role.COORDINATOR, "")]],
)
def test_another_role_place_or_region_is_a_change_of_rights(other: list[tuple[int, int, Role, str]]) -> None:
    assert mark_rights([(1, 7, Role.COORDINATOR, "")]) != mark_rights(other)


def test_another_school_board_is_a_change_of_rights() -> None:
    assert mark_rights([(1, None, Role.BOARD, "Eikenhout")]) != mark_rights([(1, None, Role.BOARD, "Beuk")])
