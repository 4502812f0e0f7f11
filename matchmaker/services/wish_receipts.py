"""Tell schools which wishes are in, once they have come to rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.domain.receipts import NEWS_FOR, is_receipt_due
from matchmaker.models import Group, Message, Round, User, Wish, WishList
from matchmaker.notifications.facts import GroupFacts
from matchmaker.notifications.receipts import (
    BlockedFacts,
    GroupWishes,
    ReceiptFacts,
    WishFacts,
    compose_receipt,
    receipt_cause,
)
from matchmaker.queries import people
from matchmaker.queries.letters import list_newest, list_rounds_in
from matchmaker.queries.regions import lock_region
from matchmaker.queries.rounds import get_round
from matchmaker.queries.wish_changes import list_changes, list_groups_of, list_wish_lists_of
from matchmaker.scope import unscoped, within
from matchmaker.services.letterheads import contact_of, gets_mail, letterhead_of
from matchmaker.services.round_letters import describe_call
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DUE_LETTERS

# Schools whose receipts are written in one transaction, so that others wait for the region a moment only.
BATCH = 20
_COORDINATORS = frozenset({Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class _DueReceipt:
    """A school that is to hear of its wishes, who hears it, and how many receipts there were before."""

    school_id: int
    people: Sequence[User]
    sequence: int


def confirm_wishes(now: datetime) -> int:
    """Write the receipts that are due at this moment, in all regions; return how many."""
    with unscoped("rounds that wait for answers"):
        rounds = list_rounds_in({Phase.WISHING})
    written = 0
    for round_id, region_id in rounds:
        with within(region_id):
            written += _confirm_round(round_id, region_id, now)
    return written


def _confirm_round(round_id: int, region_id: int, now: datetime) -> int:
    """Write what is due in one round; most minutes that is nothing, and nobody waits for it."""
    written = 0
    left = len(_list_due(get_round(round_id), now))
    while left > 0:
        written += _write_batch(round_id, region_id, now)
        left -= BATCH
    return written


def _write_batch(round_id: int, region_id: int, now: datetime) -> int:
    """Write the receipts of some schools, of their wishes as they are now; return how many."""
    with write_transaction(DUE_LETTERS) as session:
        lock_region(region_id)
        round_ = get_round(round_id)
        letters = _compose(round_, _list_due(round_, now)[:BATCH])
        session.add_all(letters)
        return len(letters)


def _list_due(round_: Round, now: datetime) -> list[_DueReceipt]:
    if round_.phase is not Phase.WISHING:
        return []
    changes = list_changes(round_.id, now - NEWS_FOR)
    causes = {change.school_id: receipt_cause(round_.id, change.school_id) for change in changes}
    told = list_newest(MessageKind.WISHES_RECEIVED, causes.values())
    contacts = people.list_contacts(list(causes), _COORDINATORS)
    due = []
    for change in changes:
        told_at, sequence = told.get(causes[change.school_id], (None, -1))
        reachable = [
            u for u in contacts.get(change.school_id, []) if gets_mail(u, MessageKind.WISHES_RECEIVED)
        ]
        is_known = change.submitted > 0 or told_at is not None
        if is_known and reachable and is_receipt_due(change.changed_at, told_at, now):
            due.append(_DueReceipt(change.school_id, reachable, sequence + 1))
    return due


def _compose(round_: Round, due: Sequence[_DueReceipt]) -> list[Message]:
    ids = [receipt.school_id for receipt in due]
    lists = list_wish_lists_of(ids, round_.id)
    groups: dict[int, list[Group]] = defaultdict(list)
    for group in list_groups_of(ids, round_.school_year_id):
        groups[group.school_id].append(group)
    letterhead, letters = letterhead_of(round_.region), []
    for receipt in due:
        facts = _describe(round_, receipt, groups[receipt.school_id], lists)
        letters += [compose_receipt(facts, contact_of(user), letterhead) for user in receipt.people]
    return letters


def _describe(
    round_: Round, receipt: _DueReceipt, groups: Sequence[Group], lists: dict[int, WishList]
) -> ReceiptFacts:
    call = describe_call(round_, MessageKind.WISHING_OPENS)
    return ReceiptFacts(
        round=call.round,
        school_id=receipt.school_id,
        school=groups[0].school.name,
        sequence=receipt.sequence,
        groups=tuple(_describe_wishes(group, lists[group.id]) for group in groups if group.id in lists),
        without=tuple(_describe_group(group) for group in groups if group.id not in lists),
        path=f"/school/{receipt.school_id}",
        last_day=call.last_day,
        result_on=call.result_on,
    )


def _describe_group(group: Group) -> GroupFacts:
    return GroupFacts(
        id=group.id,
        school_id=group.school_id,
        name=group.name,
        levels=tuple(group.levels),
        pupils=group.pupils,
    )


def _describe_wishes(group: Group, own: WishList) -> GroupWishes:
    return GroupWishes(
        group=_describe_group(group),
        wanted=own.wanted,
        open_to_other=own.open_to_other,
        max_km=own.max_km,
        wishes=tuple(map(_describe_wish, own.wishes)),
        blocked=tuple(
            BlockedFacts(starts_at=time.starts_at, ends_at=time.ends_at, reason=time.reason)
            for time in own.blocked_times
        ),
    )


def _describe_wish(wish: Wish) -> WishFacts:
    if wish.activity is None:
        return WishFacts(kind=wish.kind)
    return WishFacts(activity=wish.activity.title, host=wish.activity.host.name)
