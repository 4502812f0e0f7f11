"""Parses the text of a JSON document, refusing with a sentence what cannot or should not be parsed."""

import json
from collections import Counter
from typing import Any

MOST_BYTES = 64 * 2**20
"""Size of the largest document that is read: three times a problem of the whole country."""
_MOST_BRACKETS = 1_500_000
_MOST_COMMAS = 5_000_000


class UnreadableJsonError(ValueError):
    """A text is not JSON, or too much of it; the message says so and follows the name of the document."""


class JsonObject(dict[str, Any]):
    """A JSON object that remembers which of its fields were written more than once."""

    repeated: tuple[str, ...] = ()


def parse_json(text: bytes | str) -> object:
    """Parse a JSON text, as UTF-8 with or without a byte order mark when it is bytes.

    An object in which a field is written more than once becomes a :class:`JsonObject`.

    Raises
    ------
    UnreadableJsonError
        When it is not JSON, not UTF-8, nested too deeply or so large that it would take gigabytes.
    """
    _check_size(text)
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_build_object)
    except UnicodeDecodeError as error:
        message = f"is not UTF-8: byte {error.start} cannot be read"
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    except RecursionError:
        message = "is nested too deeply"
    except ValueError:
        message = "holds a number with too many digits"
    raise UnreadableJsonError(message)


def _check_size(text: bytes | str) -> None:
    """Refuse before parsing, by counting the signs that every object, list and value brings along."""
    if len(text) > MOST_BYTES:
        message = f"is larger than {MOST_BYTES // 2**20} MiB"
    elif _count(text, "[") + _count(text, "{") > _MOST_BRACKETS:
        message = f"has more than {_MOST_BRACKETS} objects and lists"
    elif _count(text, ",") > _MOST_COMMAS:
        message = f"has more than {_MOST_COMMAS} values"
    else:
        return
    raise UnreadableJsonError(message)


def _count(text: bytes | str, sign: str) -> int:
    return text.count(sign.encode()) if isinstance(text, bytes) else text.count(sign)


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    times = Counter(name for name, _ in pairs)
    fields = JsonObject(plain)
    fields.repeated = tuple(name for name in plain if times[name] > 1)
    return fields
