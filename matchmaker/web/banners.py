"""The one thing that somebody should know now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Banner:
    """A coloured line under the page's head; `tone` is info, ok, sun or stop."""

    title: str
    text: str = ""
    tone: str = "info"
