"""What the overview of a school board shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker import clock
from matchmaker.domain.phases import Phase
from matchmaker.models import Membership, Region, Round, School
from matchmaker.queries import boards, participations, rounds
from matchmaker.queries.boards import ComingVisits, Submissions
from matchmaker.web.banners import Banner
from matchmaker.web.language import ngettext
from matchmaker.web.phase_bar import PhaseStep, build_phase_bar
from matchmaker.web.rounds import choose_current_round, tell_last_day


@dataclass(frozen=True)
class SchoolLine:
    """How one school is doing."""

    school: School
    participations: int
    guarantee: int
    coming: ComingVisits | None
    wishes: Submissions | None

    @property
    def shortfall(self) -> int:
        """How many participations the school still lacks."""
        return max(0, self.guarantee - self.participations)

    @property
    def lacks_wishes(self) -> bool:
        """Tell whether no group of the school has handed in wishes."""
        return self.wishes is None or self.wishes.submitted == 0


@dataclass(frozen=True)
class BoardPage:
    """The overview of a school board."""

    board: str
    region: Region
    round: Round | None
    phases: list[PhaseStep]
    banner: Banner | None
    schools: list[SchoolLine]

    @property
    def complete(self) -> int:
        """How many schools have what they are guaranteed."""
        return sum(line.shortfall == 0 for line in self.schools)


def build_board_page(membership: Membership) -> BoardPage:
    """Build the overview: the schools that lack most stand first."""
    region = membership.region
    current = choose_current_round(rounds.list_rounds(region.id))
    lines = _build_lines(region, boards.list_board_schools(region.id, membership.board), current)
    return BoardPage(
        board=membership.board,
        region=region,
        round=current,
        phases=build_phase_bar(current, clock.today()) if current else [],
        banner=_choose_banner(current, lines) if current else None,
        schools=sorted(lines, key=lambda line: (-line.shortfall, line.school.name, line.school.id)),
    )


def _build_lines(region: Region, schools: Sequence[School], current: Round | None) -> list[SchoolLine]:
    ids = [school.id for school in schools]
    year_id = current.school_year_id if current else None
    had = participations.count_participations(year_id) if year_id else {}
    wishes = boards.count_submissions(ids, year_id, current.id) if current and year_id else {}
    coming = boards.count_coming_visits(ids)
    return [
        SchoolLine(
            school,
            had.get(school.id, 0),
            region.guarantee_for(school.sector),
            coming.get(school.id),
            wishes.get(school.id),
        )
        for school in schools
    ]


def _choose_banner(current: Round, lines: Sequence[SchoolLine]) -> Banner | None:
    """Say what the board can do now: remind schools while wishes can still be handed in."""
    silent = sum(line.lacks_wishes for line in lines)
    if current.phase != Phase.WISHING or not silent:
        return None
    return Banner(
        ngettext(
            "%(num)d school heeft nog geen wensen ingediend.",
            "%(num)d scholen hebben nog geen wensen ingediend.",
            silent,
        ),
        tell_last_day(current),
        "sun",
    )
