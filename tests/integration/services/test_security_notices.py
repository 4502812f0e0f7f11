"""What happens to an account is told to its owner, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import SecondFactorError
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.outside_identities import OutsideIdentity
from matchmaker.extensions import db
from matchmaker.models import LinkedIdentity, Message, RecoveryCode, SignedInDevice, User
from matchmaker.models.message import URGENT_LANE
from matchmaker.services import members, outside_identities, passwords, second_factor
from matchmaker.services.devices import sign_in_device, sign_out_everywhere
from matchmaker.services.erasing import erase_person
from matchmaker.services.personal_export import export_person
from matchmaker.services.retention import clean_up_tonight
from tests.factories import MembershipFactory, SchoolFactory, UserFactory
from tests.unit.notifications.reading_mail import parse_mail, text_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
PASSWORD = "drie paarse olifanten"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ENTREE = OutsideIdentity("https://entree.example/", "4711")


@pytest.fixture
def user(app: Flask) -> User:
    """A coordinator who is signed in with Firefox on Windows."""
    membership = MembershipFactory()
    db.session.commit()
    sign_in_device(membership.user_id, FIREFOX)
    return membership.user


def device_of(user: User) -> int:
    statement = sa.select(SignedInDevice.id).where(SignedInDevice.user_id == user.id)
    return db.session.scalars(statement.order_by(SignedInDevice.id)).first() or 0


def notices() -> list[Message]:
    statement = sa.select(Message).where(Message.kind == MessageKind.SECURITY_NOTICE).order_by(Message.id)
    return list(db.session.scalars(statement))


def subjects() -> list[str]:
    return [message.subject for message in notices()]


def add_app(user: User) -> list[str]:
    code = pyotp.TOTP(SECRET).at(clock.now())
    return second_factor.add_second_factor(user.id, SECRET, code, keep_device_id=device_of(user))


def set_password(user: User) -> None:
    passwords.set_password(user.id, PASSWORD, keep_device_id=device_of(user))


def test_the_first_password_another_one_and_none_are_told_apart(user: User) -> None:
    set_password(user)
    passwords.set_password(user.id, f"{PASSWORD} en een tijger", keep_device_id=device_of(user))
    passwords.remove_password(user.id, keep_device_id=device_of(user))
    assert subjects() == [
        "Uw account heeft nu een wachtwoord",
        "Uw wachtwoord is veranderd",
        "Uw wachtwoord is verwijderd",
    ]


def test_a_notice_overtakes_bulk_mail_and_tells_when_and_on_what_device(user: User) -> None:
    set_password(user)
    (notice,) = notices()
    text = text_of(parse_mail(notice))
    assert notice.lane == URGENT_LANE
    assert "Firefox op Windows" in text
    assert f"{clock.local(clock.now()):%Y}" in text
    assert "organisator@" in text


def test_a_notice_stands_in_no_region_and_opens_no_door(user: User) -> None:
    set_password(user)
    (notice,) = notices()
    assert notice.region_id is None
    text = text_of(parse_mail(notice))
    assert [word for word in text.split() if "//" in word] == ["http://127.0.0.1:8000/mijn/profiel#apparaten"]


def test_a_notice_speaks_the_language_of_the_owner(user: User) -> None:
    user.language = "en"
    db.session.commit()
    set_password(user)
    assert subjects() == ["Your account has a password now"]


def test_the_app_of_the_second_step_and_each_recovery_code_are_told(user: User) -> None:
    codes = add_app(user)
    second_factor.use_second_factor(user.id, codes[0])
    with pytest.raises(SecondFactorError):
        second_factor.use_second_factor(user.id, codes[0])
    second_factor.remove_second_factor(user.id, None)
    assert subjects() == [
        "Inloggen vraagt nu ook een code uit een app",
        "Er is een herstelcode van uw account gebruikt",
        "Inloggen vraagt geen code uit een app meer",
    ]


def test_a_link_with_an_account_elsewhere_is_told_once(user: User) -> None:
    for _ in range(2):
        outside_identities.link_identity(user.id, ENTREE, device_id=device_of(user))
    link_id = db.session.scalars(sa.select(LinkedIdentity.id)).one()
    outside_identities.unlink_identity(user.id, link_id, keep_device_id=device_of(user))
    assert subjects() == [
        "Inloggen kan nu ook via entree.example",
        "Inloggen via entree.example kan niet meer",
    ]


def test_taking_the_data_out_is_told(user: User) -> None:
    export_person(user.id, actor_id=user.id)
    assert subjects() == ["Uw persoonlijke gegevens zijn gedownload"]


def test_another_sort_of_device_is_told_and_the_usual_one_is_not(user: User) -> None:
    sign_in_device(user.id, FIREFOX)
    assert subjects() == []
    sign_in_device(user.id, IPHONE)
    assert subjects() == ["Er is ingelogd op een ander apparaat dan u gewend bent"]
    assert "Safari op iPhone" in text_of(parse_mail(notices()[0]))
    sign_in_device(user.id, IPHONE)
    assert len(subjects()) == 1


def test_a_device_is_known_after_signing_out_too(user: User) -> None:
    sign_out_everywhere(user.id, user.id)
    sign_in_device(user.id, FIREFOX)
    assert subjects() == []


def test_the_first_time_that_somebody_signs_in_is_no_news(app: Flask) -> None:
    newcomer = UserFactory()
    db.session.commit()
    sign_in_device(newcomer.id, IPHONE)
    assert subjects() == []


def test_other_people_do_not_make_a_device_known(user: User) -> None:
    colleague = UserFactory()
    db.session.commit()
    sign_in_device(colleague.id, IPHONE)
    sign_in_device(user.id, IPHONE)
    assert [notice.recipient for notice in notices()] == [user.email]


def test_who_is_given_a_role_by_somebody_else_or_loses_it_hears_of_it(user: User) -> None:
    school = SchoolFactory(name="De Linde")
    own = MembershipFactory(user=user, organisation=school)
    colleague = MembershipFactory(organisation=school, role=Role.TEACHER).user
    db.session.commit()
    members.hand_over_to_colleague(school.region_id, own.id, colleague.id, user.id)
    assert {(notice.recipient, notice.subject) for notice in notices()} == {
        (colleague.email, "U bent nu coördinator van De Linde"),
        (user.email, "U bent geen coördinator meer van De Linde"),
    }


def test_nothing_is_told_when_it_does_not_happen(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(passwords, "end_devices", break_off)
    with pytest.raises(RuntimeError):
        set_password(user)
    assert subjects() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda user: passwords.remove_password(user.id, keep_device_id=0),
        lambda user: second_factor.remove_second_factor(user.id, None),
        lambda user: sign_in_device(user.id, IPHONE),
    ],
    ids=["password", "second step", "sign-in"],
)
def test_who_has_no_account_any_more_hears_nothing(user: User, act: Callable[[User], object]) -> None:
    user.active = False
    db.session.commit()
    act(user)
    assert subjects() == []


def test_notices_go_with_the_account(user: User) -> None:
    MembershipFactory(organisation=SchoolFactory())
    db.session.commit()
    address = user.email
    set_password(user)
    erase_person(user.id, actor_id=user.id)
    (notice,) = notices()
    assert (address in notice.recipient, notice.body) == (False, b"")


def test_recovery_codes_are_not_in_a_notice(user: User) -> None:
    codes = add_app(user)
    second_factor.use_second_factor(user.id, codes[1])
    assert db.session.scalars(sa.select(sa.func.count()).select_from(RecoveryCode)).one() == len(codes)
    texts = "".join(text_of(parse_mail(notice)) for notice in notices())
    assert [code for code in codes if code in texts] == []


def test_what_is_known_of_devices_lasts_beyond_the_nightly_clean_up(user: User) -> None:
    with time_machine.travel(clock.now() + timedelta(days=100)):
        clean_up_tonight()
        sign_in_device(user.id, FIREFOX)
        assert subjects() == []
