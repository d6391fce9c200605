"""Recorded conversations of others, at raw device levels: levels to bytes, and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from devicehub.massagers.encode import raw
from devicehub.massagers.frame import Char
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import is_stop, levels_of
from devicehub.massagers.template import compile_frame, wire_table
from devicehub.massagers.wire import Write
from tests.unit.massagers.material import VECTORS, vectors

# Each case and the model of ours that speaks its protocol with as many motors.
SPOKEN = {
    "foreo_mode1": "foreo-ufo",
    "kiiroo_prowand": "kiiroo-prowand",
    "magicmotion1": "magicmotion-wand",
    "magicmotion2_single": "magicmotion-zenith",
    "svakom1": "svakom-emma-neo",
    "svakom2": "svakom-emma-neo-2",
    "wevibe8_single_12": "wevibe-wand",
}
# Cases of a protocol that we drive with fewer motors: the language says them all the same.
FRAMES = {
    "magicmotion2_dual": ("10 FF 04 0A 32 0A 00 04 08 {0} 64 00 04 08 {1} 64 01", 100, None),
    "wevibe8_dual_12": ("0F 03 00 {1} {0} {bits 1 0} 00 00", 12, "+3"),
}
# Cases of which a part is spoken, and which of their steps.
PARTLY = {"svakom5_multi": ("svakom-mini-emma-neo", (0, 1))}
ELSEWHERE = {
    "lovense_battery_1motor": "test_vectors.py: asks for the battery, moves nothing",
    "lovense_single": "test_vectors.py: the word of one motor",
}
NOT_DRIVEN_YET = {
    "lovense_battery_2motor",
    "lovense_dual",
    "satisfyer_dual",
    "satisfyer_single",
    "satisfyer_triple",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be reached, where from, and the writes that must do it."""

    before: tuple[int, ...]
    levels: tuple[int, ...]
    writes: tuple[tuple[str, bytes, bool], ...]
    stops: bool


def steps(case: Mapping[str, Any], motors: int) -> Iterator[Step]:
    """Yield the steps of a case that say levels, and its stop."""
    ends = {name: each[0]["characteristic"] for name, each in case["endpoints"].items()}
    before = (0,) * motors
    for step in case["steps"]:
        stops = [said["cmd"] for said in step["send"]] in (["stop"], [])
        stated = {said["feature"]: said["level"] for said in step.get("derived_levels", ())}
        levels = tuple(0 if stops else stated.get(i, before[i]) for i in range(motors))
        writes = tuple(
            (ends[w["endpoint"]], bytes.fromhex(w["hex"]), w["with_response"])
            for w in step["expect"]
        )
        yield Step(before, levels, writes, stops)
        before = levels


def case_of(name: str) -> Any:
    return vectors(f"picked/{name}.json")


def check(massager: Massager, step: Step) -> None:
    """Hold one step against a model, both ways."""
    if step.stops:
        said = [(w.char, w.data, w.response) for w in massager.stops[0].writes]
        assert tuple(said) == step.writes
    now, then = raw(massager, step.levels), raw(massager, step.before)
    changed = [(w.char, w.data, w.response) for w in now if w not in then]
    assert step.stops or tuple(changed) == step.writes
    for char, data, response in step.writes:
        write = Write(char, data, response)
        read = levels_of(massager, write)
        assert read is not None
        assert all(
            level is None or level == right for level, right in zip(read, step.levels, strict=True)
        )
        assert step.stops <= is_stop(massager, write)


@pytest.mark.parametrize(("name", "model"), SPOKEN.items())
def test_a_recorded_conversation_is_ours_to_the_byte(name: str, model: str) -> None:
    massager = load_library()[model]
    told = list(steps(case_of(name), len(massager.steps)))
    assert len(told) >= 2
    for step in told:
        check(massager, step)


@pytest.mark.parametrize(("name", "spoken"), PARTLY.items())
def test_the_spoken_part_of_a_conversation_is_ours_to_the_byte(
    name: str, spoken: tuple[str, tuple[int, ...]]
) -> None:
    model, numbers = spoken
    massager = load_library()[model]
    told = list(steps(case_of(name), len(massager.steps)))
    for number in numbers:
        check(massager, told[number])


@pytest.mark.parametrize(("name", "said"), FRAMES.items())
def test_the_language_says_conversations_with_more_motors(
    name: str, said: tuple[str, int, str | None]
) -> None:
    line, most, wire = said
    frame = compile_frame(line, {"tx": Char("tx", response=True)}, [wire_table(most, wire)] * 2)
    for step in steps(case_of(name), 2):
        if not step.stops:
            ((_, data, _),) = step.writes
            assert frame.build(step.levels, 0) == data
            assert frame.read(data) == list(step.levels)


def test_every_case_is_held_against_something() -> None:
    held = [*SPOKEN, *FRAMES, *PARTLY, *ELSEWHERE, *NOT_DRIVEN_YET]
    assert len(held) == len(set(held))
    assert sorted(held) == sorted(file.stem for file in (VECTORS / "picked").glob("*.json"))


@pytest.mark.parametrize(("name", "model"), SPOKEN.items())
def test_a_conversation_is_on_the_characteristic_that_our_file_names(name: str, model: str) -> None:
    (end,) = case_of(name)["endpoints"]["tx"]
    frames = load_library()[model].codec.frames
    assert {frame.char.uuid for frame in frames} == {end["characteristic"]}
