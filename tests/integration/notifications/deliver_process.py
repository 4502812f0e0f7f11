"""A worker as a process of its own, for tests to kill. Arguments: DATABASE_URL INSTANCE [SETTING=VALUE …].

Prints one line per call of the service. The clock runs fast when FAST_CLOCK holds seconds to add.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.services.delivery import deliver_due_messages
from tests.conftest import make_settings


def main(database_url: str, instance: str, *more: str) -> None:
    """Deliver what is due and end."""
    real_now, ahead = clock.now, timedelta(seconds=int(os.environ.get("FAST_CLOCK", "0")))
    clock.now = lambda: real_now() + ahead
    app = create_app(make_settings(Path(instance), database_url, **dict(item.split("=", 1) for item in more)))
    with app.app_context():
        sys.stdout.write(f"{deliver_due_messages(limit=1000)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
