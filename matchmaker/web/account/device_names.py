"""Devices in words that their owners use."""

from __future__ import annotations

from matchmaker.domain.devices import Browser, System
from matchmaker.web.language import gettext as _

_BROWSERS = {
    Browser.EDGE: "Edge",
    Browser.FIREFOX: "Firefox",
    Browser.CHROME: "Chrome",
    Browser.SAFARI: "Safari",
}
_SYSTEMS = {
    System.WINDOWS: "Windows",
    System.IPHONE: "iPhone",
    System.IPAD: "iPad",
    System.MAC: "Mac",
    System.ANDROID: "Android",
    System.CHROMEBOOK: "Chromebook",
    System.LINUX: "Linux",
}


def name_device(browser: Browser, system: System) -> str:
    """Return ``Chrome op Windows``; what is unknown is called so."""
    return _("%(browser)s op %(system)s", browser=name_browser(browser), system=name_system(system))


def name_browser(browser: Browser) -> str:
    """Return ``Chrome``; what is unknown is called so."""
    return _BROWSERS.get(browser) or _("Onbekende browser")


def name_system(system: System) -> str:
    """Return ``Windows``; what is unknown is called so."""
    return _SYSTEMS.get(system) or _("onbekend apparaat")
