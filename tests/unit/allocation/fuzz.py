"""Documents that nobody should send: valid ones with something wrong in them, and some that are too much."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from matchmaker.allocation.formats import write_problem
from tests.unit.allocation.random_problems import Size, random_problem

DEEP = 100_000

STRANGE_VALUES: list[Any] = [
    None, True, False, 0, -0.0, 1, -1, 2, 2.0, 0.5, -0.5, 1e-320, 5e-324, 1e-300, 1e-12, 1e12, 1e15, 1e300,
    1.7976931348623157e308, float("nan"), float("inf"), float("-inf"), 10**18, -(10**18), 2**31, 2**63,
    10**400, 10**4000,
    100_000, 1_000_000, 10_000_000, 1000, 50, 51, 90, -90, 90.0000001, 180, -180, 0.05, 1440,
    "", " ", "\t\n", "0", "1", "null", "true", "NaN", "a" * 200, "a" * 201, "é" * 200, "a" * 10_000, "\x00",
    "\x00\x01\x7f\x1b[31m", "\u202e", "\u2028", "\ud800", "\udfff\ud800", "\U0001f600",
    "ﬁ", "İ", "{0}", "%s%n",
    "{{7*7}}", "../../etc/passwd", "'; DROP TABLE group; --", "$.groups[0]", "po7", "po9", "vo1",
    "0001-01-01T00:00", "0001-01-01T00:01", "9999-12-31T23:59", "0000-01-01T00:00", "2026-02-30T09:00",
    "2026-10-05T24:00", "2026-10-05T09:00:00", "2026-10-05T09:00Z", "2026-10-05 09:00", "2026-10-25T02:30",
    "2026-W41-1T09:00", "-001-01-01T00:00", "２０２６-10-05T09:00",
    [], {}, [[]], [{}], [None], [""], {"": ""}, {"id": "x"}, [1, "2", None], "s0", "g0", "h0", "a0", "t0",
]  # fmt: skip


def _strange(random: Random) -> Any:
    """A value of its own: one that is shared would carry the damage of one document into the next."""
    return deepcopy(random.choice(STRANGE_VALUES))


def _nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every container with every key in it."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        inner = stack.pop()
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        for key in keys:
            found.append((inner, key))
            if isinstance(inner[key], dict | list):
                stack.append(inner[key])
    return found


def _replace(random: Random, document: Any) -> None:
    container, key = random.choice(_nodes(document))
    container[key] = _strange(random)


def _remove(random: Random, document: Any) -> None:
    container, key = random.choice(_nodes(document))
    del container[key]


def _add(random: Random, document: Any) -> None:
    container, _ = random.choice(_nodes(document))
    if isinstance(container, dict):
        container[random.choice(["id", "more", "", "two words", "\ud800", "a" * 300, "groups"])] = _strange(
            random
        )
    else:
        container.insert(random.randint(0, len(container)), _strange(random))


def _repeat(random: Random, document: Any) -> None:
    lists = [item for item in _values(document) if isinstance(item, list) and item]
    if lists:
        chosen = random.choice(lists)
        chosen += [random.choice(chosen)] * random.choice([1, 1, 2, 300])


def _swap(random: Random, document: Any) -> None:
    (one, first), (other, second) = (random.choice(_nodes(document)) for _ in range(2))
    moved = json.loads(json.dumps(other[second]))
    one[first] = moved


def _edge(random: Random, document: Any) -> None:
    """A number at the very edge of what the format takes, so that the problem has to be solved."""
    numbers = [(c, k) for c, k in _nodes(document) if isinstance(c[k], int | float) and c[k] is not None]
    if not numbers:
        return
    container, key = random.choice(numbers)
    container[key] = random.choice(EDGES.get(key, [0, 1]))


EDGES: dict[Any, list[Any]] = {
    "guarantee": [0, 1, 50],
    "detour_factor": [100, 5e-324, 1e-300, 1e-9, 0.1],
    "min_gap_minutes": [0, 1440],
    "fairness_band": [0.05, 5e-324, 1e-17, 1e-9, 0.0],
    "lat": [90, -90, 0, 89.999999],
    "lon": [180, -180, 0],
    "already": [0, 10_000],
    "history": [1, 0, 5e-324, 1e-17, 0.1 + 2e-17, 0.30000000000000004, 0.9999999999999999, 1e-9],
    "lottery": [-(10**12), 10**12, 0],
    "pupils": [0, 1, 100_000, 10_000_000],
    "wanted": [1, 1000],
    "max_km": [0, 5e-324, 1e-300, 50_000],
    "range_km": [0, 5e-324, 50_000],
    "min_pupils": [0, 100_000],
    "max_pupils": [0, 100_000],
    "groups": [0, 100_000],
    "min_groups": [0, 100_000],
    "max_slots_per_day": [0, 10_000],
}


def _stretch(random: Random, document: Any) -> None:
    """Times at both ends of the calendar."""
    items = [item for item in _values(document) if isinstance(item, dict) and "start" in item]
    if items:
        item = random.choice(items)
        item[random.choice(["start", "end"])] = random.choice(["0001-01-01T00:00", "9999-12-31T23:59"])


def _values(document: Any) -> list[Any]:
    return [container[key] for container, key in _nodes(document)]


_CHANGES = [_replace, _replace, _remove, _add, _repeat, _swap, _edge, _edge, _edge, _stretch]


def _cut(random: Random, text: bytes) -> bytes:
    return text[: random.randrange(len(text))]


def _flip(random: Random, text: bytes) -> bytes:
    place = random.randrange(len(text))
    return text[:place] + bytes([random.randrange(256)]) + text[place + 1 :]


def _insert(random: Random, text: bytes) -> bytes:
    place = random.randrange(len(text))
    extra = random.choice(
        [
            b"\xef\xbb\xbf",
            b"\x00",
            b"[" * DEEP,
            b'{"a":' * DEEP,
            b"9" * 10_000,
            b"//",
            b",",
            b"\xed\xa0\x80",
            b"1e999",
        ]
    )
    return text[:place] + extra + text[place:]


def _write_twice(random: Random, text: bytes) -> bytes:
    names = [b'"id":', b'"schools":', b'"format":', b'"groups":', b'"start":']
    name = random.choice(names)
    return text.replace(name, name + b" 1, " + name, 1)


def _encode(random: Random, text: bytes) -> bytes:
    plain = text.decode(errors="replace")
    return random.choice(
        [
            b"\xef\xbb\xbf" + text,
            plain.encode("utf-16"),
            plain.encode("utf-32"),
            text.replace(b"\n", b"\r\n"),
            text + text,
        ]
    )


_TEXT_CHANGES = [_cut, _flip, _insert, _write_twice, _encode]


def valid_document(random: Random, *, suited: bool = False) -> dict[str, Any]:
    """A small problem as a JSON document, without locked pairs when it should be ``suited`` for solving."""
    problem = random_problem(
        random, Size(schools=3, groups=3, activities=3, slots=4), band=random.random() < 0.5
    )
    document: dict[str, Any] = json.loads(write_problem(problem))
    if suited:
        document["locked"] = []
    return document


def damaged(random: Random, document: Any) -> bytes:
    """A document with one to four changes, sometimes with damage to its text as well."""
    for _ in range(random.choice([1, 1, 2, 4])):
        if _nodes(document):
            random.choice(_CHANGES)(random, document)
    text = json.dumps(document, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")
    if random.random() < 0.2 and text:
        text = random.choice(_TEXT_CHANGES)(random, text)
    return text


def damaged_problem(random: Random) -> bytes:
    return damaged(random, valid_document(random, suited=random.random() < 0.7))


def absurd_problem(random: Random) -> bytes:
    """A problem whose numbers and times lie at the very edge of what the format takes."""
    document = valid_document(random, suited=random.random() < 0.9)
    for _ in range(random.randint(1, 6)):
        random.choice([_edge, _edge, _edge, _stretch])(random, document)
    return json.dumps(document).encode()


def _with(name: str, value: str) -> bytes:
    """An otherwise empty problem with the text of one field."""
    fields = dict.fromkeys(["schools", "groups", "hosts", "activities", "slots"], "[]") | {name: value}
    body = ", ".join(f'"{key}": {text}' for key, text in fields.items())
    return ('{"format": "matchmaker-problem/1", ' + body + "}").encode()


MONSTERS: dict[str, Callable[[], bytes]] = {
    "ten megabytes of numbers": lambda: _with("schools", "[" + "0," * 5_000_000 + "0]"),
    "a million numbers": lambda: _with("schools", "[" + "0," * 1_000_000 + "0]"),
    "a million empty schools": lambda: _with("schools", "[" + "{}," * 1_000_000 + "{}]"),
    "a hundred thousand empty slots": lambda: _with("slots", "[" + "{}," * 100_000 + "{}]"),
    "twenty million lists": lambda: _with("schools", "[" + "[]," * 20_000_000 + "[]]"),
    "lists a million deep": lambda: b"[" * 1_000_000,
    "objects a million deep": lambda: b'{"a":' * 1_000_000,
    "an object of a hundred thousand fields, one twice": lambda: (
        b"{" + b",".join(b'"f%d": 1' % n for n in range(100_000)) + b', "f0": 1}'
    ),
    "a hundred megabytes": lambda: b" " * 100 * 2**20,
    "a text of sixty megabytes": lambda: _with("schools", '"' + "a" * 60_000_000 + '"'),
    "a field name of sixty megabytes": lambda: _with("a" * 60_000_000, "1"),
    "letters of four bytes": lambda: _with("schools", '"' + "\U0001f600" * 15_000_000 + '"'),
    "a number of ten thousand digits": lambda: _with("guarantee", "9" * 10_000),
    "a number of ten million digits": lambda: _with("guarantee", "9" * 10_000_000),
    "many numbers of four thousand digits": lambda: _with(
        "schools", "[" + ("9" * 4000 + ",") * 10_000 + "1]"
    ),
    "a fraction of ten million digits": lambda: _with("detour_factor", "1." + "1" * 10_000_000),
    "a group with a million wishes": lambda: _with(
        "groups",
        '[{"id": "g", "school": "s", "levels": ["po7"], "pupils": 1, "wishes": ['
        + '{"kind": "k"},' * 1_000_000
        + '{"kind": "k"}]}]',
    ),
    "a group with two million levels": lambda: _with(
        "groups",
        '[{"id": "g", "school": "s", "pupils": 1, "levels": [' + '"po7",' * 2_000_000 + '"po7"]}]',
    ),
    "the same field a million times": lambda: b"{" + b'"guarantee": 1,' * 1_000_000 + b'"guarantee": 1}',
    "a hundred thousand schools of one name": lambda: _with(
        "schools", "[" + '{"id": "s"},' * 100_000 + '{"id": "s"}]'
    ),
    "zeros": lambda: bytes(10_000_000),
    "half a letter at the end": lambda: _with("schools", "[]")[:-1] + b"\xf0\x9f",
}
