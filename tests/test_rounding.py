"""Whole people add up to as many as there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wmspatial.geography.rounding import largest_remainder

if TYPE_CHECKING:
    from fractions import Fraction


@given(st.lists(st.tuples(st.integers(0, 3), st.fractions(0, 50, max_denominator=12)), max_size=30))
def test_largest_remainders_are_within_one_and_keep_every_group(
    pieces: list[tuple[int, Fraction]],
) -> None:
    groups = np.array([g for g, _ in pieces], dtype=int)
    values = np.array([float(v) for _, v in pieces])
    rounded = largest_remainder(values, groups)
    assert (rounded % 1 == 0).all()
    assert (np.abs(rounded - values) < 1 + 1e-6).all()
    for group in set(groups):
        exact = sum(v for g, v in pieces if g == group)
        assert abs(rounded[groups == group].sum() - exact) <= 0.5 + 1e-6


def test_missing_values_stay_missing_when_rounded() -> None:
    assert largest_remainder([np.nan, 1.5, 1.5]).tolist()[1:] == [2, 1]
    assert np.isnan(largest_remainder([np.nan])).all()


def test_equal_remainders_go_to_the_earlier_even_where_floats_differ_in_the_last_digit() -> None:
    assert largest_remainder([0.3, 0.1 + 0.2, 0.4]).tolist() == [0, 0, 1]
    assert largest_remainder([0.5, 0.25 + 0.25 + 1e-13]).tolist() == [1, 0]


def test_a_number_that_is_whole_but_for_the_arithmetic_stays_itself() -> None:
    assert largest_remainder([2.9999999999, 4.0000000001, 1.0]).tolist() == [3, 4, 1]
