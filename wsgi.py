"""Entry point for WSGI servers and for the `flask` command."""

import sys

from matchmaker.app import create_app
from matchmaker.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(str(error))
