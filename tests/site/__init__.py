"""Two small regions with everything a page can show, and clients that look at them."""

from tests.site.clients import StrictClient, open_session, open_site_app, sign_in_as
from tests.site.rows import Neighbour, Site, build_site

__all__ = ["Neighbour", "Site", "StrictClient", "build_site", "open_session", "open_site_app", "sign_in_as"]
