"""What the pages about mails show beyond one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.models import Message, Region
from matchmaker.queries import mail_log
from matchmaker.queries.mail_log import MessageFilters
from matchmaker.queries.slices import Slice
from matchmaker.web.labels import label


@dataclass(frozen=True)
class MessageListPage:
    """The mail log as the organiser asked for it."""

    region: Region
    filters: MessageFilters
    slice: Slice[Message]
    states: list[tuple[str, str]]
    kinds: list[tuple[str, str]]

    def url(self, page: int) -> str:
        """Return the address of another page with the same filters."""
        asked: dict[str, Any] = {
            "q": self.filters.text or None,
            "stand": self.filters.state.value if self.filters.state else None,
            "soort": self.filters.kind.value if self.filters.kind else None,
        }
        return url_for("organiser.list_messages", slug=self.region.slug, pagina=page, **asked)

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything was asked for."""
        return self.filters != MessageFilters()


def parse_message_filters(arguments: Mapping[str, str]) -> MessageFilters:
    """Read the filters from an address; what is not known counts as not asked."""
    state, kind = arguments.get("stand", ""), arguments.get("soort", "")
    return MessageFilters(
        text=arguments.get("q", "").replace("\x00", "").strip()[:80],
        state=MessageState(state) if state in set(MessageState) else None,
        kind=MessageKind(kind) if kind in set(MessageKind) else None,
    )


def build_message_list(region: Region, filters: MessageFilters, page: int) -> MessageListPage:
    """Build one page of the mail log."""
    return MessageListPage(
        region=region,
        filters=filters,
        slice=mail_log.list_messages(region.id, filters, page),
        states=_options([state for state in MessageState if state != MessageState.LEASED]),
        kinds=_options([kind for kind in MessageKind if kind != MessageKind.SIGN_IN]),
    )


def _options(members: Sequence[Any]) -> list[tuple[str, str]]:
    return [(member.value, label(member)) for member in members]
