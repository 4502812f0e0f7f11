"""Hypothesis strategies for whole problems; they shrink to fewer schools, groups and slots."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from matchmaker.allocation.problem import Problem
from tests.unit.allocation.random_problems import Size, random_problem

SMALL = Size()


def problems(size: Size = SMALL, *, band: bool = False) -> SearchStrategy[Problem]:
    """Problems in which every field of the format is in play."""
    return st.randoms(use_true_random=False).map(lambda random: random_problem(random, size, band=band))
