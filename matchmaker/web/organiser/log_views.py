"""Pages of organisers: the audit log."""

from __future__ import annotations

from flask import Response, render_template, request

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.downloads import workbook_file
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.log_pages import build_log_file, build_log_page, read_filters
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/logboek")
@access(Organiser("slug", Permission.READ_AUDIT))
def show_log(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show who did what in the region; filters and page stand in the address."""
    number = request.args.get("pagina", 1, type=int)
    page = build_log_page(current_region(), read_filters(request.args), min(max(number, 1), 10_000))
    return render_template("organiser/log.html", region=page.region, page=page)


@organiser.get("/organisator/<string:slug>/logboek.xlsx")
@access(Organiser("slug", Permission.READ_AUDIT, recent=True))
def download_log(slug: str) -> Response:
    """Give what the filters leave of the log as a workbook."""
    content = build_log_file(current_region(), read_filters(request.args))
    return workbook_file(content, _("logboek %(region)s", region=slug))
