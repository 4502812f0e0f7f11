"""What machines ask: whether the process answers, whether the site does its work, and its figures."""

from __future__ import annotations

from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from matchmaker import clock
from matchmaker.domain.site_health import Trouble, list_troubles
from matchmaker.queries.site_health import read_vitals
from matchmaker.web.access import access
from matchmaker.web.machine_access import MetricsReader, Probe
from matchmaker.web.public.metrics import CONTENT_TYPE, render_metrics
from matchmaker.web.public.views import public


@public.get("/healthz")
@access(Probe())
def show_liveness() -> Response:
    """Answer, and nothing else: who restarts the process on silence need not know about the database."""
    return Response("ok\n", mimetype="text/plain")


@public.get("/readyz")
@access(Probe())
def show_readiness() -> tuple[Response, int]:
    """Say whether the site does its work, and if not what is wrong."""
    troubles = _list_troubles()
    return jsonify(ready=not troubles, troubles=troubles), 503 if troubles else 200


@public.get("/metrics")
@access(MetricsReader())
def show_metrics() -> Response:
    """Give the figures of the whole site, read from the database at this moment."""
    return Response(render_metrics(clock.now()), content_type=CONTENT_TYPE)


def _list_troubles() -> tuple[Trouble, ...]:
    now = clock.now()
    try:
        return list_troubles(read_vitals(now), now)
    except SQLAlchemyError:
        return (Trouble.DATABASE,)
