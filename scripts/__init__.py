"""Commands for those who work on the project itself; run from its root."""
