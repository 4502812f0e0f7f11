"""Points of wishes and the curve of fairness: every weight of the objectives, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    """The weights.

    Attributes
    ----------
    by_rank
        Points of a placement by rank of the wish, first rank first.
    later_rank
        Points of a placement of a later rank.
    not_wished
        Points of a placement that was not wished.
    tenths
        Into how many straight pieces the fairness curve is divided.
    """

    by_rank: tuple[int, ...] = (100, 85, 72, 61, 52, 44, 37, 31)
    later_rank: int = 25
    not_wished: int = 15
    tenths: int = 10

    def points(self, rank: int | None) -> int:
        """Return the points of a placement, by the rank of its wish (1 is first, None not wished)."""
        if rank is None:
            return self.not_wished
        return self.by_rank[rank - 1] if rank <= len(self.by_rank) else self.later_rank

    def best(self, *, has_wishes: bool, open_to_other: bool) -> int:
        """Return what a group can be granted at most."""
        if has_wishes:
            return self.by_rank[0]
        return self.not_wished if open_to_other else 0

    def slope(self, piece: int) -> float:
        """Return the fairness per tenth of satisfaction on a piece of the curve, 0 for the first.

        Every piece is worth half of the one before and all together are worth 1.
        """
        return float(0.5 ** (piece + 1) / (1 - 0.5**self.tenths))

    def fairness(self, share: float) -> float:
        """Return the height of the curve at a satisfaction of 0 … 1 and beyond."""
        left = min(1.0, max(0.0, share)) * self.tenths
        height = 0.0
        for piece in range(self.tenths):
            height += self.slope(piece) * min(1.0, max(0.0, left - piece))
        return height


SCORES = Scores()
