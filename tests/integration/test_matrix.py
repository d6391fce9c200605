"""Every massager against a profile: it plays under every limit, or is refused with its sentence."""

import tomllib
from pathlib import Path

import pytest

from devicehub.cli import named
from devicehub.errors import SafetyRefusal
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from tests.session_runs import Run, play, play_in_memory

MATRIX = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
PLAYS, REFUSED, REFUSED_AT = MATRIX["plays"], MATRIX["refused"], MATRIX["refused_at"]
LIBRARY = load_library()
ON_THE_AIR = [model for model, how in PLAYS.items() if how != "on a cable"]
FIRST_OF_A_FAMILY = list({LIBRARY[model].family: model for model in reversed(ON_THE_AIR)}.values())
ONE_OF_EACH_KIND = ("reference-cape", "lovense-domi", "jensen-jmc")
HELD_AT = "trapezius_upper"
MINUTES = 2.0


def zone(model: str) -> str | None:
    return HELD_AT if LIBRARY[model].needs_zone else None


def plays_well(played: Run) -> None:
    assert (played.code, played.violations) == (0, [])
    assert any(move.level for move in played.tape.moves)


def test_every_massager_is_in_the_matrix() -> None:
    assert sorted([*PLAYS, *REFUSED]) == sorted(LIBRARY)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, marks=() if model in ONE_OF_EACH_KIND else pytest.mark.thorough)
        for model in ON_THE_AIR
    ],
)
def test_it_plays_under_every_limit(model: str, tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    plays_well(play_in_memory("whole-back", model, tape, zone=zone(model), minutes=MINUTES))


@pytest.mark.exhaustive
@pytest.mark.thorough
@pytest.mark.parametrize("model", FIRST_OF_A_FAMILY)
def test_one_of_each_family_plays_over_a_host_stack(model: str, tmp_path: Path) -> None:
    plays_well(play("taster", model, tmp_path / "tape.jsonl", zone=zone(model)))


@pytest.mark.parametrize(("model", "why"), REFUSED.items())
def test_it_is_refused_with_its_sentence(model: str, why: str) -> None:
    with pytest.raises(SafetyRefusal) as refusal:
        Plan(named.profile("whole-back")).place(LIBRARY[model], load())
    assert str(refusal.value) == f"{model}: {why}"


@pytest.mark.parametrize(
    ("place", "model", "why"),
    [(place, model, why) for place, models in REFUSED_AT.items() for model, why in models.items()],
)
def test_it_is_refused_at_a_place_with_its_sentence(place: str, model: str, why: str) -> None:
    with pytest.raises(SafetyRefusal) as refusal:
        Plan(named.profile("whole-back"), place).place(LIBRARY[model], load())
    assert why in str(refusal.value)
