"""Every state has a name, every refusal a sentence, every phase a place in the bar."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from inspect import isclass

import pytest

from matchmaker.domain import errors
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import ActivityKind, ApprovalState, HostKind, MessageKind, Role, Sector
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState, RunState, Verdict
from matchmaker.models import Round
from matchmaker.web.errors import WORDS, sentence_for
from matchmaker.web.labels import label
from matchmaker.web.phase_bar import build_phase_bar
from matchmaker.web.rounds import choose_current_round

SHOWN = (ActivityKind, ApprovalState, BookingState, HostKind, MessageKind, MessageState)
SHOWN_TOO = (Phase, Role, RunState, Sector, Verdict)


def make_round(phase: Phase) -> Round:
    return Round(
        name="Voorjaar",
        phase=phase,
        offering_on=date(2026, 10, 1),
        wishing_on=date(2026, 11, 9),
        wishing_until=date(2026, 12, 18),
        result_on=date(2026, 12, 23),
        visits_from=date(2027, 1, 11),
        visits_until=date(2027, 5, 28),
    )


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize("kind", SHOWN + SHOWN_TOO)
def test_every_state_and_kind_has_a_name(kind: type[StrEnum]) -> None:
    assert all(label(member) for member in kind)


@pytest.mark.usefixtures("dutch")
def test_equal_words_of_two_states_are_not_mixed_up() -> None:
    assert label(RunState.CANCELLED) == "gestopt"
    assert label(BookingState.CANCELLED) == "afgezegd"


@pytest.mark.usefixtures("dutch")
def test_every_refusal_has_a_sentence_of_its_own() -> None:
    made = {
        "TransitionError": errors.TransitionError("run", "waiting", "finished"),
        "WrongPhaseError": errors.WrongPhaseError("wishing"),
        "WeakPasswordError": errors.WeakPasswordError("too_short"),
        "TooManyAttemptsError": errors.TooManyAttemptsError(timedelta(minutes=4)),
        "LastOrganiserError": errors.LastOrganiserError(("Achterhoek",)),
        "GroupsCannotComeError": errors.GroupsCannotComeError(is_final=False),
    }
    kinds = [
        kind
        for kind in vars(errors).values()
        # A kind of which there are kinds is not raised itself.
        if isclass(kind) and issubclass(kind, errors.DomainError) and not kind.__subclasses__()
    ]
    sentences = {
        kind.__name__: sentence_for(made.get(kind.__name__) or kind())
        for kind in kinds
        if kind is not errors.NotFoundError
    }
    fallback = sentence_for(errors.DomainError())
    assert [name for name, sentence in sentences.items() if sentence == fallback] == []
    assert len(set(sentences.values())) == len(sentences)


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("phase", "states"),
    [
        (Phase.PREPARING, "next next next next next"),
        (Phase.OFFERING, "now next next next next"),
        (Phase.WISHING, "done now next next next"),
        (Phase.ALLOCATING, "done done now next next"),
        (Phase.REVIEWING, "done done now next next"),
        (Phase.PUBLISHED, "done done done now next"),
        (Phase.CLOSED, "done done done done done"),
    ],
)
def test_the_phase_bar_shows_where_the_round_is(phase: Phase, states: str) -> None:
    bar = build_phase_bar(make_round(phase), date(2026, 12, 1))
    assert " ".join(step.state for step in bar) == states


@pytest.mark.usefixtures("dutch")
def test_the_phase_bar_counts_days_and_then_shows_visits() -> None:
    assert build_phase_bar(make_round(Phase.WISHING), date(2026, 12, 1))[1].note == "nog 17 dagen"
    assert build_phase_bar(make_round(Phase.WISHING), date(2026, 12, 17))[1].note == "nog 1 dag"
    assert build_phase_bar(make_round(Phase.WISHING), date(2026, 12, 20))[1].note == "nu"
    visiting = build_phase_bar(make_round(Phase.PUBLISHED), date(2027, 2, 1))
    assert [step.state for step in visiting][3:] == ["done", "now"]
    assert visiting[4].note == "t/m vr 28 mei"


def test_the_round_people_work_on_comes_before_one_with_a_result() -> None:
    published, wishing, preparing = map(make_round, (Phase.PUBLISHED, Phase.WISHING, Phase.PREPARING))
    assert choose_current_round([preparing, published, wishing]) is wishing
    assert choose_current_round([preparing, published]) is published
    assert choose_current_round([]) is None


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_error_has_words(code: int) -> None:
    title, text = WORDS[code]
    assert str(title)
    assert str(text).endswith((".", "?"))
