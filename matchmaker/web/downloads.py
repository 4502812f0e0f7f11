"""Answers that a browser stores as a file."""

from __future__ import annotations

import re
import unicodedata

from flask import Response


def calendar_file(content: bytes, name: str) -> Response:
    """Return a calendar file for download."""
    return _file(content, f"{plain_name(name)}.ics", "text/calendar; charset=utf-8; method=PUBLISH")


def feed_file(content: bytes, name: str) -> Response:
    """Return a calendar that programs fetch again and again; its link never leaks through a referrer."""
    response = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'inline; filename="{plain_name(name)}.ics"'
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response


def public_feed_file(content: bytes, name: str) -> Response:
    """Return a calendar for everybody that programs fetch again and again."""
    response = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'inline; filename="{plain_name(name)}.ics"'
    response.headers["Cache-Control"] = "public, max-age=900"
    response.add_etag()
    return response


def mail_file(content: bytes, name: str) -> Response:
    """Return a mail for download."""
    return _file(content, f"{plain_name(name)}.eml", "message/rfc822")


def workbook_file(content: bytes, name: str) -> Response:
    """Return a workbook for download."""
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(content, f"{plain_name(name)}.xlsx", content_type)


def json_file(content: str, name: str) -> Response:
    """Return a JSON document for download."""
    return _file(content.encode(), f"{plain_name(name)}.json", "application/json")


def delimited_file(content: bytes, name: str) -> Response:
    """Return a CSV file for download."""
    return _file(content, f"{plain_name(name)}.csv", "text/csv; charset=utf-8")


def plain_name(text: str) -> str:
    """Return a file name of small letters, digits and dashes."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60] or "bestand"


def _file(content: bytes, name: str, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
