"""Whom the pages for machines let in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from matchmaker.config import Settings
from matchmaker.domain.errors import NotFoundError
from matchmaker.web.access import Public
from matchmaker.web.identity import Visitor


@dataclass(frozen=True)
class Probe(Public):
    """Machines that ask whether the site works; the answer may be that it does not."""


@dataclass(frozen=True)
class MetricsReader(Public):
    """Machines that know the operator's token; for everybody else there is nothing."""

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Let in who sends the token, which takes as long to compare whatever is sent."""
        settings: Settings = current_app.config["SETTINGS"]
        given, known = request.authorization, settings.metrics_token
        sent = (given.token or "") if given and given.type == "bearer" else ""
        if not known or not hmac.compare_digest(sent.encode(), known.encode()):
            raise NotFoundError
