"""Colours that everybody can tell apart, and the numbers of the authorities."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest

import wmspatial as wm
from wmspatial.maps.spec import (
    MOST_NUMBERS,
    WEST_MIDLANDS,
    class_categories,
    connection_words,
    number_authorities,
    share_categories,
)
from wmspatial.typology import CLASSES

Colour = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1, for linear red, green and blue.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> Colour:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: Colour) -> Colour:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(colour: str, blindness: str) -> Colour:
    return lab(BLINDNESS[blindness] @ linear(colour))


def apart(one: str, other: str, blindness: str) -> float:
    return float(np.linalg.norm(seen(one, blindness) - seen(other, blindness)))


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_class_colours_are_told_apart(blindness: str) -> None:
    colours = {c.name: c.colour for c in class_categories() if c.pattern == "solid"}
    distances = {
        pair: apart(colours[pair[0]], colours[pair[1]], blindness)
        for pair in combinations(colours, 2)
    }
    assert min(distances.values()) > 30, distances


def test_class_colours_survive_greyscale() -> None:
    light = sorted(float(seen(c.colour, "none")[0]) for c in class_categories() if c.loud)
    quiet = next(c for c in class_categories() if c.name == "Not classified")
    light.append(float(seen(quiet.colour, "none")[0]))
    assert min(b - a for a, b in pairwise(light)) > 12, light


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_share_ramp_gets_darker_for_everybody(blindness: str) -> None:
    bins = [c.colour for c in share_categories()[:-1]]
    light = [float(seen(colour, blindness)[0]) for colour in bins]
    assert min(a - b for a, b in pairwise(light)) > 8, light
    assert min(apart(a, b, blindness) for a, b in pairwise(bins)) > 12


def test_what_has_no_data_is_hatched_and_every_class_has_its_own_symbol() -> None:
    classes = class_categories()
    assert tuple(c.name for c in classes) == CLASSES
    assert [c.name for c in classes if c.pattern == "hatch"] == ["Insufficient data"]
    assert len({c.symbol for c in classes}) == len(CLASSES)
    assert all(c.meaning for c in classes)


def test_meanings_follow_the_parameters() -> None:
    changed = wm.Parameters(deprived_share=0.1, pez_ratio=2, cut=1 / 3, labour_market="study area")
    meanings = {c.name: c.meaning for c in class_categories(changed)}
    assert meanings["Not classified"] == "not among the 10 % most deprived"
    assert "over 2 jobs" in meanings["Large number of jobs"]
    assert "the 33rd percentile of the study area’s" in connection_words(changed)
    assert "fixed score 0.7" in connection_words(wm.Parameters(cut=0.7, cut_kind="value"))
    assert "“bus_score”" in connection_words(wm.Parameters(connection="bus_score"))


def test_numbers_are_those_of_the_jrf_figure() -> None:
    names = {code: name for code, (_, name) in sorted(WEST_MIDLANDS.items())}
    assert [(a.number, a.name) for a in number_authorities(names)] == [
        (1, "Wolverhampton"),
        (2, "Dudley"),
        (3, "Sandwell"),
        (4, "Walsall"),
        (5, "Birmingham"),
        (6, "Solihull"),
        (7, "Coventry"),
    ]
    assert number_authorities({"Birmingham": "Birmingham"})[0].number == 5


def test_elsewhere_numbers_follow_the_alphabet() -> None:
    found = number_authorities({"E08000035": "Leeds", "E08000025": "Birmingham"})
    assert [(a.number, a.name) for a in found] == [(1, "Birmingham"), (2, "Leeds")]


def test_too_many_authorities_have_no_numbers() -> None:
    many = {f"c{i}": f"Town {i}" for i in range(MOST_NUMBERS + 1)}
    assert {a.number for a in number_authorities(many)} == {None}
