"""Recorded conversations of others, at raw device levels: levels to bytes, and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from devicehub.massagers.decode import decode
from devicehub.massagers.encode import raw
from devicehub.massagers.frame import Char
from devicehub.massagers.identity import uuid_matches
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import is_stop, levels_of
from devicehub.massagers.report import Report
from devicehub.massagers.template import compile_frame, wire_table
from devicehub.massagers.wire import Encoded, RawWrite, Write
from tests.unit.massagers.material import VECTORS, vectors

RX = "50300003-0023-4bd4-bbd5-a6920e4c5653"

# Each case and the model of ours that speaks its protocol with as many motors.
SPOKEN = {
    "foreo_mode1": "foreo-ufo",
    "kiiroo_prowand": "kiiroo-prowand",
    "lovense_dual": "lovense-dual",
    "magicmotion1": "magicmotion-wand",
    "magicmotion2_single": "magicmotion-zenith",
    "satisfyer_dual": "satisfyer-mini-wand",
    "satisfyer_single": "satisfyer-double-wand",
    "satisfyer_triple": "satisfyer-triple",
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
    "lovense_battery_2motor": "below: asks for the battery, moves nothing",
    "lovense_single": "test_vectors.py: the word of one motor",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A write: its bytes, whether a response is asked for, and where it may go to."""

    data: bytes
    response: bool
    chars: tuple[str, ...]

    def is_ours(self, write: Write | RawWrite) -> bool:
        """Say whether a write of ours is this one, on a characteristic that it may go to."""
        same = (write.data, write.response) == (self.data, self.response)
        return same and any(uuid_matches(write.char, uuid) for uuid in self.chars)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be reached, where from, and the writes that must do it."""

    before: tuple[int, ...]
    levels: tuple[int, ...]
    writes: tuple[Said, ...]
    stops: bool


def said_in(case: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """Return the writes among the events of a case."""
    ends = {
        name: tuple(each["characteristic"] for each in listed)
        for name, listed in case["endpoints"].items()
    }
    return tuple(
        Said(bytes.fromhex(event["hex"]), event["with_response"], ends[event["endpoint"]])
        for event in events
        if event["kind"] == "write"
    )


def same(ours: Sequence[Write | RawWrite], theirs: Sequence[Said]) -> bool:
    return len(ours) == len(theirs) and all(map(Said.is_ours, theirs, ours))


def steps(case: Mapping[str, Any], motors: int) -> Iterator[Step]:
    """Yield the steps of a case that say levels, and its stop."""
    before = (0,) * motors
    for step in case["steps"]:
        stops = [said["cmd"] for said in step["send"]] in (["stop"], [])
        stated = {said["feature"]: said["level"] for said in step.get("derived_levels", ())}
        levels = tuple(0 if stops else stated.get(i, before[i]) for i in range(motors))
        writes = said_in(case, step["expect"])
        yield Step(before, levels, writes, stops)
        before = levels


def case_of(name: str) -> Any:
    return vectors(f"picked/{name}.json")


def check(massager: Massager, step: Step) -> None:
    """Hold one step against a model, both ways."""
    now, then = raw(massager, step.levels), raw(massager, step.before)
    changed = [write for write in now if write not in then]
    assert same(massager.stops[0].writes if step.stops else changed, step.writes)
    for said in step.writes:
        (char,) = {w.char for w in now if said.is_ours(w)} or {massager.stops[0].writes[0].char}
        write = Write(char, said.data, said.response)
        read = levels_of(massager, write)
        assert read is not None
        assert all(have in (None, want) for have, want in zip(read, step.levels, strict=True))
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
            (write,) = step.writes
            assert frame.build(step.levels, 0) == write.data
            assert frame.read(write.data) == list(step.levels)


def test_every_case_is_held_against_something() -> None:
    held = [*SPOKEN, *FRAMES, *PARTLY, *ELSEWHERE]
    assert len(held) == len(set(held))
    assert sorted(held) == sorted(file.stem for file in (VECTORS / "picked").glob("*.json"))


@pytest.mark.parametrize(("name", "model"), SPOKEN.items())
def test_a_conversation_begins_as_ours_does(name: str, model: str) -> None:
    case, massager = case_of(name), load_library()[model]
    does = [step.does for step in massager.connect]
    words = [write for each in does if isinstance(each, Encoded) for write in each.writes]
    assert same(words, said_in(case, case["init"]))
    subscribed = [event for event in case["init"] if event["kind"] == "subscribe"]
    assert len(massager.notifies) == len(subscribed)


def test_two_motors_are_asked_for_their_battery_as_in_the_recorded_conversation() -> None:
    case, dual = case_of("lovense_battery_2motor"), load_library()["lovense-dual"]
    (step,) = case["steps"]
    (answer,) = step["device_events"]
    assert dual.battery_ask is not None
    assert same(dual.battery_ask.writes, said_in(case, step["expect"]))
    assert decode(dual, RX, bytes.fromhex(answer["hex"])) == Report(battery_percent=100)
