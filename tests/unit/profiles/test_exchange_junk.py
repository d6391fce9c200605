"""Whatever a foreign file holds: it is a profile, or refused in a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles import loader
from profiles.errors import ProfileError
from profiles.exchange import funscript, haptic, table
from profiles.exchange.drawing import Drawing
from profiles.exchange.written import profile_text

KEYS = ("actions", "at", "pos", "version", "major", "signals", "continuous", "envelopes")
NUMBERS = st.integers(-5, 200) | st.floats() | st.sampled_from([10**400, 1e308, 5e-324, 1800.001])
JUNK = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)
TIMES_S = st.floats(0.0, 1800.0)
CURVES = st.lists(st.tuples(TIMES_S, st.floats(0.0, 1.0)), min_size=2, max_size=8).map(sorted)


def actions(points: list[tuple[Any, Any]]) -> str:
    return json.dumps({"actions": [{"at": at, "pos": pos} for at, pos in points]})


def refusal(read: Callable[[str, str], Drawing], text: str) -> str:
    """Return what is said of a text; only its name where nothing is wrong with it."""
    try:
        read(text, "a")
    except ProfileError as error:
        return str(error)
    return "a:"


@settings(max_examples=60)
@given(JUNK)
def test_any_json_is_read_or_refused(junk: object) -> None:
    for read in (haptic.read, funscript.read):
        assert refusal(read, json.dumps(junk)).startswith("a:")


@settings(max_examples=60)
@given(st.text(alphabet='t_s,0123456789.-e"\n\r \x00lv', max_size=60))
def test_any_csv_is_read_or_refused(junk: str) -> None:
    for text in (junk, f"t_s,l\n{junk}"):
        assert refusal(table.read, text).startswith("a:")


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8))
def test_what_is_read_of_any_numbers_is_a_curve(points: list[tuple[Any, Any]]) -> None:
    try:
        curve = funscript.read(actions(points), "a").curve
    except ProfileError:
        return
    assert all(0.0 <= level <= 1.0 for level in curve.levels)
    assert list(curve.times_s) == sorted(set(curve.times_s))
    assert 0.0 == curve.times_s[0] < curve.end_s <= 1800.0


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(CURVES)
def test_what_is_read_can_be_written_and_loaded(points: list[tuple[float, float]]) -> None:
    try:
        drawing = funscript.read(actions([(t * 1000.0, level * 100.0) for t, level in points]), "a")
    except ProfileError:
        return  # it lasts no time
    text = profile_text(
        drawing, source="a", title="A", zones=["rhomboid"], posture="seated", level=1.0
    )
    assert loader.load_text(text, "a.toml").duration_s >= drawing.curve.end_s
