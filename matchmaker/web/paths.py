"""Parameters of paths."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, Map

# The largest id that both databases can hold in an integer column.
LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """An id in a path; a number that no row can have is a missing page, not an error of the database."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=LARGEST_ID)
