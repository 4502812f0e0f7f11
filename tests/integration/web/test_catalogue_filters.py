"""The catalogue's filters, on both databases: they search in JSON and in any spelling."""

from __future__ import annotations

import pytest

from tests.conftest import database_url
from tests.site import Site, StrictClient

__all__ = ["database_url"]

OFFER = "/regio/achterhoek/aanbod"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Lassen", "Robots"}),
        ("?niveau=po7", {"Lassen"}),
        ("?niveau=vo1", {"Robots"}),
        ("?soort=workshop", {"Robots"}),
        ("?q=ulft", {"Lassen", "Robots"}),
        ("?q=ROBOTS+techniek", {"Robots"}),
        ("?q=100%25", {"Robots"}),
        ("?q=%25", {"Robots"}),
        ("?q=_", set()),
        ("?niveau=po7&soort=workshop", set()),
        ("?niveau=onzin&soort=onzin&pagina=onzin", {"Lassen", "Robots"}),
        ("?pagina=999999999999", {"Lassen", "Robots"}),
        ("?q=%00%27--", set()),
    ],
)
def test_filters_narrow_the_catalogue(
    visitor: StrictClient, site: Site, robots: int, query: str, found: set[str]
) -> None:
    assert visitor.get(OFFER + query).status_code == 200
    titles = {word for word in ("Lassen", "Robots") if word in visitor.text()}
    assert titles == found
