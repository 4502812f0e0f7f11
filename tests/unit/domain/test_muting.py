"""Only overviews may be muted: everything else tells something that has to be acted on."""

from __future__ import annotations

import pytest

from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.muting import MUTABLE, is_wanted

EVERYTHING = [kind.value for kind in MessageKind]


@pytest.mark.parametrize("kind", MessageKind)
def test_only_overviews_can_be_muted(kind: MessageKind) -> None:
    assert is_wanted(kind, [])
    is_overview = kind in {MessageKind.RESULT_SCHOOL, MessageKind.RESULT_HOST}
    assert is_wanted(kind, EVERYTHING) is not is_overview
    assert (kind in MUTABLE) is is_overview


def test_muting_one_kind_leaves_the_other() -> None:
    assert is_wanted(MessageKind.RESULT_HOST, ["result_school"])
