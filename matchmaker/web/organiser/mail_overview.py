"""The mail on the organiser's home: what stands still, what failed, whom mail does not reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker import clock
from matchmaker.domain.site_health import Trouble, Vitals, list_troubles
from matchmaker.models import Region
from matchmaker.queries import mail_log
from matchmaker.queries.mail_log import OpenMail
from matchmaker.queries.sending import get_sending
from matchmaker.queries.site_health import read_vitals
from matchmaker.web.banners import Banner
from matchmaker.web.formats import format_moment
from matchmaker.web.language import gettext as _
from matchmaker.web.mail_words import explain_answer

_TITLES: Mapping[Trouble, Any] = {
    Trouble.WORKER_SILENT: _l("Er gaan geen mails weg: het werk op de achtergrond staat stil"),
    Trouble.MAIL_REFUSED: _l("Er gaan geen mails weg: de mailserver neemt niets aan"),
    Trouble.MAIL_LATE: _l("Mails blijven te lang liggen"),
}


@dataclass(frozen=True)
class MailOverview:
    """What somebody should know about the mail of a region."""

    open_mail: OpenMail
    banner: Banner | None


def build_mail_overview(region: Region) -> MailOverview:
    """Look how the mail of the region and of the whole site stands."""
    now = clock.now()
    return MailOverview(
        mail_log.count_open_mail(region.id, now),
        tell_standstill(read_vitals(now), now),
    )


def tell_standstill(vitals: Vitals, now: datetime) -> Banner | None:
    """Say why no mail leaves, or None when it does; of several causes the first."""
    troubles = list_troubles(vitals, now)
    if not troubles:
        return None
    since = {
        Trouble.WORKER_SILENT: vitals.beat_at,
        Trouble.MAIL_REFUSED: vitals.refused_since,
        Trouble.MAIL_LATE: vitals.due_at,
    }[troubles[0]]
    parts = [_("Sinds %(moment)s.", moment=format_moment(since))] if since else []
    if troubles[0] is Trouble.MAIL_REFUSED:
        parts += _tell_refusal(get_sending().problem)
    parts.append(_("Er gaat niets verloren. Waarschuw de beheerder van de site."))
    return Banner(str(_TITLES[troubles[0]]), " ".join(parts), "stop")


def _tell_refusal(answer: str) -> list[str]:
    words = explain_answer(answer)
    return [words.title, _("De mailserver zei: ‘%(answer)s’.", answer=answer)] if answer else []
