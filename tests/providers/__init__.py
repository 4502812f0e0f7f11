"""Providers of sign-in that tests speak with over real HTTP: one that works, and one that can be bent."""

from tests.providers.bent import BentProvider
from tests.providers.process import MockProvider
from tests.providers.settings import settings_for

__all__ = ["BentProvider", "MockProvider", "settings_for"]
