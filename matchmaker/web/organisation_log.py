"""What a school or host reads of the audit log: all that was done for it, and by whom in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from matchmaker import clock
from matchmaker.models import AuditEntry, Host, Organisation, School
from matchmaker.queries import audit_log
from matchmaker.queries.slices import Slice
from matchmaker.web.audit_lines import LogLine, build_organisation_lines

# What is told on the home page is new; the rest is on the page of the log.
RECENT = timedelta(days=60)
_MOST_ON_HOME = 3


@dataclass(frozen=True)
class OrganisationLogPage:
    """One page of what was done for a school or host."""

    organisation: Organisation
    slice: Slice[AuditEntry]
    lines: list[LogLine]

    def url(self, page: int) -> str:
        """Return the address of another page."""
        if self.school is not None:
            return url_for("school.show_log", school_id=self.organisation.id, pagina=page)
        return url_for("host.show_log", host_id=self.organisation.id, pagina=page)

    @property
    def school(self) -> School | None:
        """The school whose log this is, if it is one."""
        return self.organisation if isinstance(self.organisation, School) else None

    @property
    def host(self) -> Host | None:
        """The host whose log this is, if it is one."""
        return self.organisation if isinstance(self.organisation, Host) else None


def build_organisation_log(organisation: Organisation, page: int) -> OrganisationLogPage:
    """Build one page of the log of a school or host."""
    found = audit_log.list_organisation_entries(organisation.id, page)
    return OrganisationLogPage(organisation, found, build_organisation_lines(found.rows))


def list_recent_on_behalf(organisation: Organisation) -> list[LogLine]:
    """Return the newest acts of organisers in the organisation's place, for its home page."""
    entries = audit_log.list_done_on_behalf(organisation.id, clock.now() - RECENT, _MOST_ON_HOME)
    return build_organisation_lines(entries)
