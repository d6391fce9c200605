"""Every bundled profile on every layout: what the matrix says, and nothing silent or overdone."""

import tomllib
from itertools import product
from pathlib import Path

import pytest

from devicehub.errors import UsageError
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import catalogue, loader
from tests.every import every
from tests.on_layouts import FELT, LAYOUTS, SUITED, TIRES, held, outcome, profile, signature
from tests.session_runs import play_in_memory

MATRIX = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
ROWS: dict[str, dict[str, str]] = MATRIX["profiles"]
CABLED = {model for model, how in MATRIX["plays"].items() if how == "on a cable"}
PAIRS = list(product(ROWS, LAYOUTS))
WIDE = "small-vest"

ELSEWHERE = """
title = "Elsewhere"
summary = "Where a vest has no motor."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = ["thigh_posterior"]
minutes = 1
level = 0.3
"""


def test_every_profile_and_every_layout_is_in_the_matrix() -> None:
    assert sorted(ROWS) == sorted(catalogue.names())
    assert [name for name, row in ROWS.items() if list(row) != list(LAYOUTS)] == []


def test_every_massager_has_one_of_the_layouts() -> None:
    library = load_library()
    known = {signature(library[model]) for model in LAYOUTS.values()}
    driven = [m for m in map(library.__getitem__, library) if m.refused is None]
    assert [massager.model for massager in driven if signature(massager) not in known] == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ROWS)
def test_a_profile_comes_to_what_the_matrix_says(name: str) -> None:
    assert {layout: outcome(name, layout) for layout in LAYOUTS} == ROWS[name]


@every(ROWS)
def test_a_profile_is_felt_on_what_it_suits(name: str) -> None:
    suits = profile(name).suits or tuple(SUITED)
    layouts = [layout for suit in suits for layout in SUITED.get(suit, ())]
    said = {layout: ROWS[name][layout] for layout in layouts}
    if said.get(WIDE) == TIRES:
        del said[WIDE]
    assert said == dict.fromkeys(said, FELT)


def test_a_profile_that_plays_nowhere_on_a_massager_is_refused() -> None:
    plan = Plan(loader.load_text(ELSEWHERE, "x"))
    with pytest.raises(UsageError, match=r"^Elsewhere plays at back of the thigh: bhaptics-x40 ha"):
        plan.place(load_library()["bhaptics-x40"], load())
    plan.place(load_library()["nlr-hf8"], load())


@pytest.mark.exhaustive
def test_the_softest_profile_moves_a_massager_of_three_steps(tmp_path: Path) -> None:
    played = play_in_memory("first-time", "serta-motion", tmp_path / "t.jsonl", minutes=1.5)
    assert (played.code, played.violations) == (0, [])
    assert any(move.level for move in played.tape.moves)


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "layout"), PAIRS)
def test_a_closer_look_says_the_same(name: str, layout: str) -> None:
    assert outcome(name, layout, look_s=0.2) == ROWS[name][layout]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "layout"), [pair for pair in PAIRS if LAYOUTS[pair[1]] not in CABLED]
)
def test_the_oracle_finds_nothing(name: str, layout: str, tmp_path: Path) -> None:
    zone = held(layout, profile(name))
    played = play_in_memory(name, LAYOUTS[layout], tmp_path / "t.jsonl", zone=zone, minutes=3.0)
    assert (played.code, played.violations) == (0, [])
    assert any(move.level for move in played.tape.moves)
