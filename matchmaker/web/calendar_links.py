"""A calendar that people subscribe to, in the forms that their programs take."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import current_app

from matchmaker.config import Settings


@dataclass(frozen=True)
class CalendarLink:
    """The address of a calendar: to copy, to open in a program, and to add to Google's."""

    name: str
    address: str
    webcal: str
    google: str


def describe_calendar_link(name: str, path: str) -> CalendarLink:
    """Return the calendar at a path of this site in all forms."""
    settings: Settings = current_app.config["SETTINGS"]
    address = settings.base_url + path
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    google = f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}"
    return CalendarLink(name, address, webcal, google)
