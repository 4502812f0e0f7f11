"""What has been kept long enough: a statement of ids for each sort of row, oldest first."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from matchmaker import clock
from matchmaker.domain.bookings import HOLDING_STATES
from matchmaker.domain.join_requests import FORGOTTEN_AFTER
from matchmaker.domain.retention import INACTIVE_MONTHS, NOTICE, PERIODS, Retention, months_before
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import (
    Activity,
    AttemptCount,
    Booking,
    CalendarReply,
    Group,
    IncomingMail,
    Invitation,
    InvitationList,
    JoinRequest,
    Membership,
    Message,
    Region,
    SignedInDevice,
    SignedQuestion,
    SignInToken,
    Slot,
    User,
    WishList,
)

Ids = Select[int]
_YEAR = timedelta(days=365)
_DONE_WITH = (MessageState.SENT, MessageState.FAILED, MessageState.SUPERSEDED, MessageState.UNWANTED)


def select_mail_texts() -> Ids:
    """Return mails that need their text no more: old ones, and sent ones about somebody who is gone."""
    before = clock.now() - PERIODS[Retention.MAIL_TEXT]
    old = func.coalesce(Message.sent_at, Message.created_at) < before
    return select(Message.id).where(
        Message.state.in_(_DONE_WITH),
        or_(func.length(Message.body) > 0, Message.last_error != ""),
        or_(old, Message.forget_text),
    )


def select_sign_in_tokens() -> Ids:
    """Return links and codes that let nobody in any more."""
    return select(SignInToken.id).where(SignInToken.expires_at < clock.now() - PERIODS[Retention.SIGN_IN])


def select_old_questions() -> Ids:
    """Return questions about visits so long ago that it no longer matters who was asked."""
    return (
        select(SignedQuestion.id)
        .join(SignedQuestion.booking)
        .join(Booking.slot)
        .where(SignedQuestion.email != "", Slot.ends_at <= clock.now() - PERIODS[Retention.QUESTION])
    )


def select_calendar_replies() -> Ids:
    """Return answers of calendars about visits long past."""
    return (
        select(CalendarReply.id)
        .outerjoin(CalendarReply.booking)
        .join(Slot, Slot.id == func.coalesce(CalendarReply.slot_id, Booking.slot_id))
        .where(Slot.ends_at <= clock.now() - PERIODS[Retention.QUESTION])
    )


def select_incoming_mails() -> Ids:
    """Return which mails came in so long ago that they do not come again."""
    return select(IncomingMail.id).where(IncomingMail.created_at < clock.now() - PERIODS[Retention.MAIL_TEXT])


def select_attempt_counts() -> Ids:
    """Return counts of attempts that limit nobody any more."""
    before = clock.now() - PERIODS[Retention.SIGN_IN]
    return select(AttemptCount.id).where(AttemptCount.window_starts_at < before)


def select_dead_devices() -> Ids:
    """Return devices that nobody has used for so long that they let nobody in."""
    return select(SignedInDevice.id).where(
        SignedInDevice.last_used_at < clock.now() - PERIODS[Retention.SIGN_IN]
    )


def select_invitations() -> Ids:
    """Return invitations that were answered, withdrawn or out of date long enough ago."""
    before = clock.now() - PERIODS[Retention.INVITATION]
    ended = func.coalesce(Invitation.accepted_at, Invitation.revoked_at, Invitation.expires_at)
    return select(Invitation.id).where(ended < before)


def select_join_requests() -> Ids:
    """Return requests to join that were decided long enough ago, or that nobody will decide any more."""
    decided = JoinRequest.decided_at < clock.now() - PERIODS[Retention.INVITATION]
    forgotten = JoinRequest.decided_at.is_(None) & (JoinRequest.created_at < clock.now() - FORGOTTEN_AFTER)
    return select(JoinRequest.id).where(or_(decided, forgotten))


def select_invitation_lists() -> Ids:
    """Return lists of people to invite that were read long enough ago, sent or not."""
    return select(InvitationList.id).where(
        InvitationList.created_at < clock.now() - PERIODS[Retention.IMPORT]
    )


def select_needless_notices() -> Ids:
    """Return people who were told that their account goes and who are not inactive after all."""
    return select(User.id).where(User.inactive_notice_at.is_not(None), ~is_inactive())


def select_unwarned() -> Ids:
    """Return inactive people who were not told yet that their account goes."""
    return select(User.id).where(User.inactive_notice_at.is_(None), is_inactive())


def select_overdue() -> Ids:
    """Return inactive people who were told long enough ago."""
    return select(User.id).where(User.inactive_notice_at <= clock.now() - NOTICE, is_inactive())


def is_inactive() -> ColumnElement[bool]:
    """Return the condition for accounts that nobody has used or needed for as long as their regions say.

    Used is: signed in, or a role that ended since. Needed is: an open role at a school that has a
    booking or handed in wishes, or at a host that has dates, from a year ago until any day to come.
    Somebody who answers by phone and mail alone is needed all the same. Of several regions the longest
    period holds.
    """
    periods = {INACTIVE_MONTHS, *db.session.scalars(select(Region.retention_months).distinct())}
    longest = (
        select(func.max(Region.retention_months))
        .join(Membership, Membership.region_id == Region.id)
        .where(Membership.user_id == User.id)
        .scalar_subquery()
    )
    own_period = func.coalesce(longest, INACTIVE_MONTHS)
    return and_(
        User.active,
        User.erased_at.is_(None),
        or_(*(and_(own_period == months, _is_unused_for(months)) for months in sorted(periods))),
        ~exists().where(Membership.user_id == User.id, Membership.until.is_(None), _is_used_organisation()),
    )


def _is_unused_for(months: int) -> ColumnElement[bool]:
    day = months_before(clock.today(), months)
    before = clock.from_local(datetime.combine(day, time()))
    return and_(
        func.coalesce(User.last_seen_at, User.created_at) < before,
        ~exists().where(SignedInDevice.user_id == User.id, SignedInDevice.last_used_at >= before),
        ~exists().where(Membership.user_id == User.id, Membership.until >= day),
    )


def _is_used_organisation() -> ColumnElement[bool]:
    since = clock.now() - _YEAR
    school = Group.school_id == Membership.organisation_id
    booked = (
        select(Booking.id)
        .join(Group, Group.id == Booking.group_id)
        .where(school, Booking.state.in_(HOLDING_STATES), Booking.starts_at >= since)
    )
    wished = (
        select(WishList.id)
        .join(Group, Group.id == WishList.group_id)
        .where(school, WishList.submitted_at >= since)
    )
    offered = (
        select(Slot.id)
        .join(Activity, Activity.id == Slot.activity_id)
        .where(Activity.host_id == Membership.organisation_id, Slot.starts_at >= since)
    )
    return or_(*(found.correlate(Membership).exists() for found in (booked, wished, offered)))
