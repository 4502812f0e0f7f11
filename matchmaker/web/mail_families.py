"""What is in each sort of mail, or why one gets those that cannot be turned off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.muting import MailFamily

FAMILY_NOTES: Mapping[MailFamily, Any] = {
    MailFamily.ACCOUNT: _l("Zonder deze mails komt u niet binnen, of merkt u niet dat er iets mis is."),
    MailFamily.VISITS: _l("Ook vlak ervoor en als er iets verandert. Anders wacht er iemand op u."),
    MailFamily.QUESTIONS: _l("Iemand vraagt u iets, of een bezoek gaat niet door."),
    MailFamily.PEOPLE: _l("Zonder u komt een nieuwe school of aanbieder er niet in."),
    MailFamily.OVERVIEWS: _l("Alles op een rij na een ronde. Van elk bezoek krijgt u ook een eigen mail."),
    MailFamily.ROUNDS: _l("Dat u wensen of data kunt opgeven, en wat u hebt opgegeven."),
    MailFamily.REMINDERS: _l("Als de tijd om wensen of data op te geven bijna om is."),
    MailFamily.THANKS: _l("Na een bezoek, met de vraag hoe het was."),
    MailFamily.DIGEST: _l("Eén mail per week over uw regio."),
}
