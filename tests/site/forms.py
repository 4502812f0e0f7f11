"""What to send to each address that changes something, so that it would succeed for the right person.

Guards send these bodies as everybody else too: a refusal then comes from the rules of access and not
from a field that is missing. An endpoint without an entry here fails `tests/guards/test_forms.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, current_app

from matchmaker import clock
from matchmaker.allocation.checker import check
from matchmaker.allocation.formats import write_problem, write_result
from matchmaker.allocation.problem import Result, Solver, problem_sha256
from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.kinds import Role
from matchmaker.domain.mail_problems import MailProblem
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.mute_tokens import make_mute_token
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.outside_identities import OutsideIdentity
from matchmaker.domain.phases import Phase
from matchmaker.domain.questions import Answer
from matchmaker.domain.runs import MessageState, RunState, Verdict
from matchmaker.domain.second_factor import make_secret
from matchmaker.exchange.invitation_files import write_template
from matchmaker.extensions import db
from matchmaker.models import (
    AllocationRun,
    Analysis,
    CalendarFeed,
    CalendarReply,
    Group,
    Host,
    LinkedIdentity,
    Membership,
    Message,
    SignedInDevice,
    SignedQuestion,
    Slot,
    User,
)
from matchmaker.services.devices import sign_in_device
from matchmaker.services.feeds import make_feed
from matchmaker.services.inactivity import sign_keeping
from matchmaker.services.outside_identities import link_identity
from matchmaker.services.problems import build_problem
from matchmaker.services.second_factor import add_second_factor
from matchmaker.services.sending import pause_sending
from matchmaker.services.sign_in import request_sign_in
from matchmaker.web.account.second_factor_views import PENDING
from tests.factories import CalendarReplyFactory, InvitationFactory
from tests.site.rows import Neighbour, Site

Values = dict[str, Any]
PASSWORD = "paard batterij nietje stoel"


@dataclass
class Stage:
    """Where a form is sent: the site, the place it is about and the person who is to succeed."""

    app: Flask
    site: Site
    place: Neighbour
    user_id: int
    notes: Values = field(default_factory=dict)

    def email(self) -> str:
        """Return the address of the person."""
        return db.session.get_one(User, self.user_id).email


def _nothing(_stage: Stage) -> Values:
    return {}


def _do_nothing(_stage: Stage) -> None:
    pass


@dataclass(frozen=True)
class Form:
    """How one POST route is used with success.

    Parameters
    ----------
    fields
        The body, without the CSRF token.
    prepare
        Makes and commits the rows that must be there first; may leave notes for the others.
    session, arguments
        What the cookie must hold beside who is signed in, and parameters of the path that differ from
        `Neighbour.arguments`.
    who
        The attribute of `Site` with the person; empty: whom the endpoint's pages are for.
    signed_in
        Whether that person is signed in already; when not, the form is one for visitors.
    changes_rows
        Whether success leaves a trace in the database; else only the cookie changes.
    """

    fields: Callable[[Stage], Values] = _nothing
    prepare: Callable[[Stage], None] = _do_nothing
    session: Callable[[Stage], Values] = _nothing
    arguments: Callable[[Stage], Values] = _nothing
    who: str = ""
    signed_in: bool = True
    changes_rows: bool = True

    def person(self, site: Site, endpoint: str) -> int:
        """Return the id of the person who succeeds with it."""
        return getattr(site, self.who) if self.who else site.user_for(endpoint) or site.coordinator


def _mail_sign_in(stage: Stage) -> None:
    made = request_sign_in(stage.email())
    stage.notes.update(token=made.token, code=made.code)


def _set_password(stage: Stage) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    db.session.get_one(User, stage.user_id).password_hash = cheap.hash(PASSWORD)
    db.session.commit()


def _set_up_app(stage: Stage) -> None:
    secret = make_secret()
    code = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
    devices = db.session.scalars(sa.select(SignedInDevice.id).where(SignedInDevice.user_id == stage.user_id))
    # Of the devices at most one may stay; the guards' own is put back with the rest of the site.
    add_second_factor(stage.user_id, secret, code, keep_device_id=max(devices, default=0))
    stage.notes["secret"] = secret


def _code_of_app(stage: Stage) -> Values:
    secret = stage.notes.setdefault("secret", make_secret())
    return {"code": pyotp.TOTP(secret).at(clock.now())}


def _pending_app(stage: Stage) -> Values:
    return {PENDING: stage.notes.setdefault("secret", make_secret())}


def _leave_device(stage: Stage) -> None:
    sign_in_device(stage.user_id, "left behind", second_step=True)
    statement = sa.select(sa.func.max(SignedInDevice.id)).where(SignedInDevice.user_id == stage.user_id)
    stage.notes["device_id"] = db.session.scalars(statement).one()
    db.session.rollback()


def _stay_away(stage: Stage) -> None:
    user = db.session.get_one(User, stage.user_id)
    user.inactive_notice_at = clock.now()
    stage.notes["token"] = sign_keeping(user.id, user.inactive_notice_at)
    db.session.commit()


def _run_of(stage: Stage) -> AllocationRun:
    return db.session.get_one(AllocationRun, stage.place.run_id)


def _begin_run(stage: Stage) -> None:
    run = _run_of(stage)
    run.state, run.verdict, run.finished_at = RunState.WAITING, Verdict.PENDING, None
    db.session.commit()


def _solve_run(stage: Stage) -> None:
    """Give the run the problem of today and a result without placements, which the checker passes."""
    run = _run_of(stage)
    problem = build_problem(run.round_id)
    run.problem_json, run.problem_sha256 = write_problem(problem), problem_sha256(problem)
    bare = Result(run.problem_sha256, "feasible", (), (), 1, 1.0, "0", Solver("HiGHS", "1.0"))
    reached = check(problem, bare).objectives
    objectives = [replace(o, best=o.value) if o.name == "fairness" else o for o in reached]
    run.result_json = write_result(replace(bare, objectives=tuple(objectives)))
    db.session.commit()


def _refuse_a_wish(stage: Stage) -> None:
    """Let the run say of a group that it did not get the activity it wished."""
    run = _run_of(stage)
    group = db.session.scalars(sa.select(Group.id).where(Group.school_id == stage.place.school_id)).first()
    reason = {"group": f"G{group}", "activity": f"A{stage.place.activity_id}"}
    run.reasons = [reason]
    db.session.commit()
    stage.notes["question"] = f"{group}:{stage.place.activity_id}"


def _search_blind_spots(stage: Stage) -> None:
    run = _run_of(stage)
    db.session.add(
        Analysis(
            region_id=run.region_id,
            round_id=run.round_id,
            kind=AnalysisKind.BLIND_SPOTS,
            subject="",
            state=AnalysisState.WAITING,
            limit_seconds=9,
            progress={},
            error="",
        )
    )
    db.session.commit()


def _link_account(stage: Stage) -> None:
    link_identity(stage.user_id, _account_elsewhere(stage))
    statement = sa.select(LinkedIdentity.id).where(LinkedIdentity.user_id == stage.user_id)
    stage.notes["identity_id"] = db.session.scalars(statement).one()
    db.session.rollback()


def _account_elsewhere(stage: Stage) -> OutsideIdentity:
    return OutsideIdentity("https://elders.example", f"person-{stage.user_id}")


def _make_feed(stage: Stage) -> None:
    make_feed(stage.user_id, None)
    statement = sa.select(CalendarFeed.id).where(CalendarFeed.user_id == stage.user_id)
    stage.notes["feed_id"] = db.session.scalars(statement).one()
    db.session.rollback()


def _mute_token(stage: Stage) -> Values:
    secret_key = str(current_app.config["SECRET_KEY"])
    return {"mute_token": make_mute_token(secret_key, stage.user_id, MailFamily.OVERVIEWS, stage.email())}


def _stop_mails(stage: Stage) -> None:
    db.session.get_one(User, stage.user_id).mutes = [MailFamily.OVERVIEWS.value]
    db.session.commit()


def _back_from_elsewhere(stage: Stage, *, links: bool) -> Values:
    identity = asdict(_account_elsewhere(stage))
    return {
        "arrival": {"identity": identity, "provider": "bent", "links": links, "at": clock.now().timestamp()}
    }


def _refuse_mail(stage: Stage) -> None:
    """Let the message of the place have failed."""
    message = db.session.get_one(Message, stage.place.message_id)
    message.state, message.last_error = MessageState.FAILED, "550 5.1.1 no such user"
    db.session.commit()


def _pause_mail(stage: Stage) -> None:
    pause_sending(stage.place.region_id)


def _lose_address(stage: Stage) -> None:
    """Let mail not reach the person of the place."""
    user = db.session.get_one(Membership, stage.place.member_id).user
    user.mail_trouble, user.mail_trouble_at = MailTrouble.BOUNCED, clock.now()
    db.session.commit()


def _say_no(stage: Stage) -> None:
    """Let the teacher say that the visit is off."""
    question = db.session.get_one(SignedQuestion, stage.place.question_id)
    question.answer, question.answered_at = Answer.CANNOT_COME, clock.now()
    db.session.commit()


def _decline_visit(stage: Stage) -> None:
    """Let the answer of a calendar wait for people."""
    db.session.get_one(CalendarReply, stage.place.reply_id).settled_at = None
    db.session.commit()


def _decline_slot(stage: Stage) -> None:
    """Let the calendar of the host's contact decline the visit."""
    slot = db.session.get_one(Slot, stage.place.slot_id)
    CalendarReplyFactory(booking=None, slot=slot)
    db.session.commit()


def _somebody(role: Role) -> Values:
    return {"email": "iemand@nieuw.example", "name": "Iemand", "role": role.value}


def _successor(_stage: Stage) -> Values:
    return {"colleague": "0", "email": "opvolger@nieuw.example", "name": "Opvolger"}


def _invite_to_host(stage: Stage) -> None:
    host = db.session.get_one(Host, stage.place.host_id)
    row = InvitationFactory(
        organisation=host, role=Role.HOST_CONTACT, token=f"to-host-{host.id}-{uuid4().hex}"
    )
    db.session.commit()
    stage.notes["invitation_id"] = row.id


def _invitation_to_host(stage: Stage) -> Values:
    return {"invitation_id": stage.notes["invitation_id"]}


def _a_week_later(stage: Stage) -> Values:
    slot = db.session.get_one(Slot, stage.place.slot_id)
    starts = clock.local(slot.starts_at) + timedelta(days=7)
    ends = starts + timedelta(minutes=1)
    return {
        "day": starts.date().isoformat(),
        "begins": f"{starts:%H:%M}" if ends.date() == starts.date() else "22:00",
        "ends": f"{ends:%H:%M}" if ends.date() == starts.date() else "23:00",
        "address": "",
        "version": slot.version,
        "step": "move",
    }


FORMS: Mapping[str, Form] = {
    "account.accept_invitation": Form(fields=lambda _stage: {"name": "Leerkracht groep 8"}, signed_in=False),
    "account.add_second_factor": Form(fields=_code_of_app, session=_pending_app),
    "account.download_own_data": Form(),
    "account.change_details": Form(fields=lambda _stage: {"name": "Iemand", "phone": "0314 222 222"}),
    "account.end_all_devices": Form(),
    "account.end_device": Form(
        prepare=_leave_device, arguments=lambda stage: {"device_id": stage.notes["device_id"]}
    ),
    "account.leave_to_link": Form(fields=lambda _stage: {"provider": "bent"}, changes_rows=False),
    "account.leave_to_sign_in": Form(
        fields=lambda _stage: {"provider": "bent"}, signed_in=False, changes_rows=False
    ),
    "account.end_feed": Form(prepare=_make_feed, arguments=lambda stage: {"feed_id": stage.notes["feed_id"]}),
    "account.choose_appointments": Form(prepare=_make_feed),
    "account.make_feed": Form(fields=lambda _stage: {"organisation": ""}),
    "account.link_identity": Form(session=lambda stage: _back_from_elsewhere(stage, links=True)),
    "account.erase_account": Form(fields=lambda _stage: {"word": "verwijderen"}),
    "account.keep": Form(
        prepare=_stay_away, arguments=lambda stage: {"token": stage.notes["token"]}, signed_in=False
    ),
    "account.remove_password": Form(prepare=_set_password),
    "account.remove_second_factor": Form(prepare=_set_up_app),
    "account.request_sign_in": Form(fields=lambda stage: {"email": stage.email()}, signed_in=False),
    "account.set_preferences": Form(fields=lambda _stage: {"language": "en"}),
    "public.resume_mails": Form(prepare=_stop_mails, arguments=_mute_token, signed_in=False),
    "public.stop_mails": Form(
        fields=lambda _stage: {"List-Unsubscribe": "One-Click"}, arguments=_mute_token, signed_in=False
    ),
    "account.set_password": Form(fields=lambda _stage: {"password": PASSWORD}),
    "account.sign_out": Form(),
    "account.unlink_identity": Form(
        prepare=_link_account, arguments=lambda stage: {"identity_id": stage.notes["identity_id"]}
    ),
    "account.use_arrival": Form(
        prepare=_link_account,
        session=lambda stage: _back_from_elsewhere(stage, links=False),
        signed_in=False,
    ),
    "account.use_code": Form(
        prepare=_mail_sign_in,
        fields=lambda stage: {"code": stage.notes["code"]},
        session=lambda stage: {"sign_in_email": stage.email()},
        signed_in=False,
    ),
    "account.use_link": Form(
        prepare=_mail_sign_in, arguments=lambda stage: {"token": stage.notes["token"]}, signed_in=False
    ),
    "account.use_password": Form(
        prepare=_set_password,
        fields=lambda stage: {"email": stage.email(), "password": PASSWORD},
        signed_in=False,
    ),
    "account.use_second_step": Form(prepare=_set_up_app, fields=_code_of_app),
    "organiser.approve_joining": Form(),
    "host.cancel_group": Form(fields=lambda _stage: {"reason": "De machine is stuk."}),
    "host.end_role": Form(),
    "host.hand_over_role": Form(fields=_successor),
    "host.move": Form(fields=_a_week_later),
    "host.withdraw": Form(fields=lambda _stage: {"reason": "Wij verhuizen."}),
    "host.invite_again": Form(prepare=_invite_to_host, arguments=_invitation_to_host),
    "host.invite_member": Form(fields=lambda _stage: _somebody(Role.HOST_CONTACT)),
    "host.revoke_invitation": Form(prepare=_invite_to_host, arguments=_invitation_to_host),
    "organiser.ask_blind_spots": Form(),
    "organiser.ask_price": Form(
        prepare=_refuse_a_wish,
        fields=lambda stage: {"school": stage.place.school_id, "vraag": stage.notes["question"]},
    ),
    "organiser.ask_school_changes": Form(fields=lambda stage: {"school": stage.place.school_id}),
    "organiser.begin_run": Form(),
    "organiser.begin_scenario": Form(
        fields=lambda _stage: {
            "name": "Proef",
            "doubled_host": "",
            "travel": "",
            "fairness_band": "",
            "seconds": "60",
        }
    ),
    "organiser.end_role": Form(),
    "organiser.hand_over_role": Form(fields=_successor),
    "organiser.invite_again": Form(),
    "organiser.invite_member": Form(fields=lambda _stage: {**_somebody(Role.VIEWER), "where": "regio"}),
    "organiser.move_round": Form(fields=lambda _stage: {"fase": Phase.WISHING.value, "mailen": "ja"}),
    "organiser.publish": Form(prepare=_solve_run),
    "organiser.refuse_joining": Form(fields=lambda _stage: {"reason": "Wij kennen u niet."}),
    "organiser.save_settings": Form(
        fields=lambda _stage: {
            "version": 1,
            "name": "Techniek Achterhoek",
            "guarantee_primary": 3,
            "guarantee_secondary": 2,
            "guarantee_special": 2,
            "detour_factor": "1,3",
            "retention_months": 24,
        }
    ),
    "organiser.pause_mail": Form(),
    "organiser.resume_mail": Form(prepare=_pause_mail),
    "organiser.send_failed_again": Form(
        prepare=_refuse_mail, fields=lambda _stage: {"probleem": MailProblem.UNKNOWN_ADDRESS.value}
    ),
    "organiser.send_message_again": Form(prepare=_refuse_mail),
    "organiser.send_trial_mail": Form(),
    "organiser.use_address_again": Form(prepare=_lose_address),
    "organiser.settle_answer": Form(prepare=_say_no),
    "organiser.settle_calendar_answer": Form(prepare=_decline_visit),
    "school.keep_visit": Form(prepare=_decline_visit),
    "host.keep_slot": Form(prepare=_decline_slot),
    "organiser.read_list": Form(fields=lambda _stage: {"file": (BytesIO(write_template()), "lijst.csv")}),
    "organiser.revoke_invitation": Form(),
    "organiser.send_list": Form(),
    "organiser.stop_blind_spots": Form(prepare=_search_blind_spots),
    "organiser.stop_run": Form(prepare=_begin_run),
    "public.answer": Form(fields=lambda _stage: {"answer": Answer.COMING.value}, signed_in=False),
    "public.choose_language": Form(fields=lambda _stage: {"language": "en", "next": "/"}, changes_rows=False),
    "public.send_join_request": Form(
        fields=lambda _stage: {"name": "Leerkracht", "email": "leerkracht@school.example", "role": "teacher"},
        signed_in=False,
    ),
    "public.send_new_host_request": Form(
        fields=lambda _stage: {
            "name": "Contactpersoon",
            "email": "contact@smederij.example",
            "host_name": "Smederij",
            "host_place": "Ulft",
            "host_kind": "company",
        },
        signed_in=False,
    ),
    "school.ask_teacher": Form(
        fields=lambda _stage: {"name": "Leerkracht groep 7", "email": "groep7@school.example"}
    ),
    "school.withdraw_question": Form(),
    "school.cancel_visit": Form(fields=lambda _stage: {"reason": "Schoolreis."}),
    "school.end_role": Form(),
    "school.hand_over_role": Form(fields=_successor),
    "school.invite_again": Form(),
    "school.invite_member": Form(fields=lambda _stage: _somebody(Role.TEACHER)),
    "school.revoke_invitation": Form(),
}
