"""Commands whose acts the audit log attributes to them."""

from __future__ import annotations

from typing import Any

import click

from matchmaker import trace


class TracedCommand(click.Command):
    """A command under its own name in the audit log, such as ``command:data import-schools``."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command inside a trace."""
        group = ctx.parent.info_name if ctx.parent else ""
        with trace.running(f"command:{group} {self.name}"):
            return super().invoke(ctx)


class TracedGroup(click.Group):
    """A group of traced commands."""

    command_class = TracedCommand
