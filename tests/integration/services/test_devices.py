"""Devices sign in and out on both databases; tokens are stored hashed and renewed when rights change."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import MEMBER_LIFETIME, RENEWAL_GRACE, USE_GRAIN, KnownDevice
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, SignedInDevice, User
from matchmaker.queries.devices import find_device_by_token, list_devices
from matchmaker.services import devices
from tests.factories import UserFactory

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def user(app: Flask) -> User:
    user: User = UserFactory()
    db.session.commit()
    return user


def find(token: str) -> SignedInDevice | None:
    db.session.rollback()
    return find_device_by_token(hash_token(token))


def get(token: str) -> SignedInDevice:
    device = find(token)
    assert device is not None
    return device


def known(token: str) -> KnownDevice:
    row = get(token)
    return KnownDevice(
        row.id, row.rights, row.last_used_at, row.signed_in_at, row.token_hash != hash_token(token)
    )


def test_only_the_hash_of_a_token_and_two_words_of_the_browser_are_kept(user: User) -> None:
    token = devices.sign_in_device(user.id, FIREFOX)
    assert len(token) >= 43
    with db.engine.connect() as connection:
        row = connection.execute(sa.select(SignedInDevice)).one()
    assert token not in str(row)
    assert "Gecko" not in str(row)
    assert get(token).token_hash == hash_token(token)


def test_a_stored_hash_opens_nothing(user: User) -> None:
    token = devices.sign_in_device(user.id, FIREFOX)
    assert find(hash_token(token)) is None


def test_signing_in_again_ends_what_the_browser_carried_before(user: User) -> None:
    first = devices.sign_in_device(user.id, FIREFOX)
    second = devices.sign_in_device(user.id, FIREFOX, instead_of=first)
    assert first != second
    assert find(first) is None
    assert len(list_devices(user.id)) == 1


def test_the_device_of_an_inactive_person_opens_nothing(user: User) -> None:
    token = devices.sign_in_device(user.id, FIREFOX)
    user.active = False
    db.session.commit()
    assert find(token) is None


def test_a_use_is_written_down_now_and_then_only(user: User) -> None:
    token = devices.sign_in_device(user.id, FIREFOX)
    device = known(token)
    began = device.last_used_at
    with time_machine.travel(began + USE_GRAIN - timedelta(seconds=1), tick=False):
        devices.keep_device(device, token, device.rights)
        assert get(token).last_used_at == began
    with time_machine.travel(began + USE_GRAIN, tick=False):
        devices.keep_device(device, token, device.rights)
        assert get(token).last_used_at == began + USE_GRAIN


def test_other_rights_give_another_token_and_the_old_one_ends_within_a_minute(user: User) -> None:
    old = devices.sign_in_device(user.id, FIREFOX)
    new = devices.keep_device(known(old), old, "other rights")
    assert new is not None
    assert get(new).rights == "other rights"
    assert get(old).id == get(new).id, "pages that are under way still load"
    with time_machine.travel(clock.now() + RENEWAL_GRACE + timedelta(seconds=1), tick=False):
        assert find(old) is None
        assert get(new)


def test_two_pages_at_once_renew_a_token_once(user: User) -> None:
    old = devices.sign_in_device(user.id, FIREFOX)
    as_both_saw_it = known(old)
    new = devices.keep_device(as_both_saw_it, old, "other rights")
    assert devices.keep_device(as_both_saw_it, old, "other rights") is None
    assert new is not None
    assert get(new)


def test_a_token_from_before_a_renewal_renews_nothing(user: User) -> None:
    old = devices.sign_in_device(user.id, FIREFOX)
    new = devices.keep_device(known(old), old, "other rights")
    assert new is not None
    assert devices.keep_device(known(old), old, "rights of later still") is None
    assert get(new)


def test_signing_out_ends_the_token_and_the_one_before_it(user: User) -> None:
    old = devices.sign_in_device(user.id, FIREFOX)
    new = devices.keep_device(known(old), old, "other rights")
    devices.sign_out_token(old)
    assert new is not None
    assert (find(old), find(new)) == (None, None)


def test_a_use_after_signing_out_brings_nothing_back(user: User) -> None:
    token = devices.sign_in_device(user.id, FIREFOX)
    device = known(token)
    devices.sign_out_everywhere(user.id, user.id)
    with time_machine.travel(clock.now() + USE_GRAIN, tick=False):
        devices.keep_device(device, token, device.rights)
        assert devices.keep_device(device, token, "other rights") is None
    assert find(token) is None


def test_signing_out_everywhere_ends_all_devices_of_this_person_alone(user: User) -> None:
    other = UserFactory()
    db.session.commit()
    kept = devices.sign_in_device(other.id, FIREFOX)
    mine = [devices.sign_in_device(user.id, FIREFOX) for _ in range(3)]
    assert devices.sign_out_everywhere(user.id, user.id) == 3
    assert [find(token) for token in mine] == [None, None, None]
    assert get(kept)
    statement = sa.select(AuditEntry).where(AuditEntry.action == "sign_out_everywhere")
    entry = db.session.scalars(statement).one()
    assert (entry.action, entry.object_id, entry.after) == ("sign_out_everywhere", user.id, {"devices": 3})


def test_one_device_can_stay(user: User) -> None:
    here, there = (devices.sign_in_device(user.id, FIREFOX) for _ in range(2))
    devices.sign_out_everywhere(user.id, user.id, keep_id=get(here).id)
    assert get(here)
    assert find(there) is None


def test_nobody_ends_a_device_of_somebody_else(user: User) -> None:
    other = UserFactory()
    db.session.commit()
    token = devices.sign_in_device(other.id, FIREFOX)
    with pytest.raises(NotFoundError):
        devices.sign_out_device(user.id, get(token).id)
    assert get(token)


def test_devices_that_nobody_can_use_any_more_are_cleared_away(user: User) -> None:
    idle = devices.sign_in_device(user.id, FIREFOX)
    with time_machine.travel(clock.now() + MEMBER_LIFETIME.idle + timedelta(seconds=1), tick=False):
        devices.sign_in_device(user.id, FIREFOX)
        assert len(list_devices(user.id)) == 1
    assert find(idle) is None
