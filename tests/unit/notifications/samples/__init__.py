"""Every mail the system can send, by the name of its golden file.

A new kind: a module here with a function `samples()`. A name is the kind, or the kind, a hyphen and
what is special about this one: ``visit_school-mobile``. Golden files, both languages, all sizes and
evil names follow by themselves.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.unit.notifications.sampling import Sample


def all_samples() -> dict[str, Sample]:
    """Return the samples of all modules of this folder."""
    found: dict[str, Sample] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for name, sample in import_module(module.name).samples().items():
            assert name not in found, f"two samples are called {name}"
            found[name] = sample
    return found


SAMPLES = all_samples()
