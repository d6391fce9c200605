"""Heat in a massager's file: its frames both ways, in order, and what would be wrong."""

import math
from dataclasses import replace
from typing import Any

import pytest

from devicehub.errors import MassagerError
from devicehub.massagers.decode import decode
from devicehub.massagers.encode import CodecState, encode, forget, initial
from devicehub.massagers.library import load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.massagers.parse import admit, heat_of
from devicehub.massagers.stopbook import entries_of
from devicehub.massagers.wire import Encoded, Write
from devicehub.safety.frame import HEAT_MAX_C, CappedFrame
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from tests.unit.massagers.material import CAPE, DOMI, SMALL, X40, massager, vectors

GOLDEN = vectors("reference_cape.json")
HEAT = GOLDEN["heat_characteristic"]

WARM = SMALL.replace(
    'stop = "A0 00"',
    'stop = "A0 00"\nzero = "set"\nheat = { on = "B0 {c} {sum8}", off = "B0 FF", max_c = 38, '
    "sensor = true }",
).replace(
    "[[vectors]]",
    '[[report]]\nchar = "tx"\nframe = "C0 {c}"\n[[vectors]]',
)


def pad(data: str, char: str = HEAT) -> Write:
    return Write(char, bytes.fromhex(data), response=True)


def frame_of(subject: Massager, celsius: float | None) -> CappedFrame:
    """Return a frame of zeros that a governor judged, with its pad on or not."""
    placed = subject.held_at("gluteal") if subject.needs_zone else subject
    judge = Governor(load(), [mount("it", placed, heat=celsius is not None)])
    judge.grant(math.inf)
    judge.heat.read("it", 37.0, 0.0)
    return judge.judge([[0.0] * len(subject.steps)], 0.0)[0]


def written(subject: Massager, celsius: float | None, state: CodecState) -> list[str]:
    encoded, _ = encode(subject, frame_of(subject, celsius), state)
    return [write.data.hex() for write in encoded.writes]


# ------------------------------------------------------------------- the cape, by its specification


@pytest.mark.parametrize("case", GOLDEN["heat"], ids=lambda case: case["name"])
def test_a_heat_frame_of_the_specification_is_built_and_read_back(case: dict[str, Any]) -> None:
    channel = CAPE.heat
    assert channel is not None
    target = channel.target(case["celsius"])
    built = channel.on.build((target,), 0) if target else channel.off.build((), 0)
    assert built.hex() == case["hex"]
    assert heat_of(CAPE, pad(case["hex"])) == target == round(2 * (case["celsius"] or 0))


@pytest.mark.parametrize("case", GOLDEN["heat_refused"], ids=lambda case: case["why"])
def test_what_is_no_heat_frame_of_the_specification_does_not_pass(case: dict[str, Any]) -> None:
    assert heat_of(CAPE, pad(case["hex"])) is None
    assert admit(CAPE, [pad(case["hex"])], (0,) * 12, 1.0) is None


@pytest.mark.exhaustive
def test_every_write_to_the_pad_of_one_or_two_bytes_is_off_or_at_most_40_degrees() -> None:
    passing = {
        data.hex()
        for n in range(0x10000)
        if heat_of(CAPE, Write(HEAT, data := n.to_bytes(2, "big"), response=True)) is not None
    }
    assert passing == {f"01{half:02x}" for half in range(1, 81)}
    ones = [n for n in range(256) if heat_of(CAPE, pad(f"{n:02x}")) is not None]
    assert ones == [0]


def test_a_pad_is_written_to_in_its_way_and_place_only() -> None:
    assert heat_of(CAPE, replace(pad("0150"), response=False)) is None
    assert heat_of(CAPE, pad("0150", GOLDEN["levels_characteristic"])) is None
    assert heat_of(X40, pad("0150")) is None
    assert heat_of(DOMI, pad("00")) is None


def test_no_pad_of_the_library_is_warmer_than_the_limit() -> None:
    limits = load().heat
    assert limits.max_surface_c == HEAT_MAX_C
    channel = CAPE.heat
    assert channel is not None
    assert channel.max_c <= HEAT_MAX_C
    hotter = replace(CAPE, heat=replace(channel, max_c=60))
    assert heat_of(hotter, pad("0151")) is None


def test_the_capes_stop_is_all_that_it_takes_to_switch_the_pad_off() -> None:
    assert [write.data.hex() for write in CAPE.stops[0].writes] == ["00"]


# ------------------------------------------------------------------------------------- in frames


def test_on_comes_after_the_levels_and_off_before_them() -> None:
    assert written(CAPE, 40.0, initial())[-1] == "0150"
    assert written(CAPE, None, CodecState(0, (0,) * 12, 80))[0] == "00"


def test_a_pad_that_was_never_on_is_not_spoken_of() -> None:
    assert len(written(CAPE, None, initial())) == 1


def test_a_pad_that_is_on_is_told_again_with_every_refresh_only() -> None:
    first, state = encode(CAPE, frame_of(CAPE, 40.0), initial())
    assert first.heat == 80
    assert len(written(CAPE, 40.0, state)) == 1
    assert len(written(CAPE, 40.0, forget(state))) == 2


def test_off_is_told_until_it_was_written() -> None:
    on = CodecState(0, (0,) * 12, 80)
    assert written(CAPE, None, on)[0] == "00"
    assert written(CAPE, None, forget(on))[0] == "00"
    encoded, off = encode(CAPE, frame_of(CAPE, None), on)
    assert (encoded.heat, encoded.idle) == (0, True)
    assert len(written(CAPE, None, off)) == 1


def test_what_passes_the_gate_says_how_warm_it_is_then() -> None:
    encoded, _ = encode(CAPE, frame_of(CAPE, 40.0), initial())
    passed = admit(CAPE, encoded.writes, (0,) * 12, 1.0)
    assert isinstance(passed, Encoded)
    assert (passed.heat, passed.idle, passed.steps) == (80, False, (0,) * 12)
    kept = admit(CAPE, encoded.writes[:1], (0,) * 12, 1.0, heat=80)
    assert kept is not None
    assert kept.heat == 80


# ----------------------------------------------------------------------------------- other files


def test_a_target_may_be_in_whole_degrees_and_have_a_checksum() -> None:
    warm = massager(WARM)
    assert written(warm, 40.0, initial()) == ["a000", "b026d6"]
    assert written(warm, None, CodecState(0, (0,), 38))[0] == "b0ff"


def test_a_pad_that_stop_does_not_reach_is_switched_off_by_every_stop() -> None:
    (stop,) = massager(WARM).stops
    assert [write.data.hex() for write in stop.writes] == ["a000", "b0ff"]
    (entry,) = entries_of(WARM)
    assert [data.hex() for _, data, _ in entry.writes] == ["a000", "b0ff"]


def test_a_report_in_whole_degrees_is_read() -> None:
    report = decode(massager(WARM), massager(WARM).stops[0].writes[0].char, b"\xc0\x25")
    assert report is not None
    assert report.heat_c == 37.0


@pytest.mark.parametrize(
    ("wrong", "instead", "line"),
    [
        ("max_c = 38", "max_c = 41", "model[0].heat.max_c = 41: must be less than or equal to 40"),
        ("max_c = 38", "max_c = 0", "heat.max_c = 0: must be greater than or equal to 1"),
        ("max_c = 38", "max_c = nan", "heat.max_c = nan: "),
        ("{c} {sum8}", "26", 'heat.on = "B0 26": must carry its target once: {c} or {half_c}'),
        ("{c} {sum8}", "{c} {half_c}", "must carry its target once"),
        ("{c} {sum8}", "{c} {counter}", "heat: may not carry {counter}"),
        ("{c} {sum8}", "{c} {0}", "{0}: this frame may not carry levels"),
        ("B0 {c} {sum8}", "A0 {c}", "heat.on: must not be a level frame, a stop or off as well"),
        ("B0 {c} {sum8}", "B0 {c} {c}", "must carry its target once"),
        ("B0 FF", "A0 05", "heat.off: must not be a level frame as well"),
        ("B0 FF", "B0 {c}", "heat.off"),
        (", sensor = true", "", "heat.sensor: is missing (true: a [[report]]"),
        ('frame = "C0 {c}"', 'frame = "C0 {battery}"', "heat.sensor"),
        ('zero = "set"\n', "", 'must have zero = "set" with heat'),
        ("sensor = true", "sensor = true, warm = 1", "heat.warm: is no key"),
    ],
)
def test_a_mistake_is_named(wrong: str, instead: str, line: str) -> None:
    assert wrong in WARM
    with pytest.raises(MassagerError) as refusal:
        load_text(WARM.replace(wrong, instead), "small.toml")
    assert line in str(refusal.value)


# ------------------------------------------------------------------ what the safety rules must know


def test_an_actuator_is_of_levels_unless_its_file_says_otherwise() -> None:
    assert set(CAPE.controls) == {"levels"}
    assert CAPE.a_m_s2 is None
    assert CAPE.tells_levels
    assert not X40.tells_levels


@pytest.mark.parametrize(
    ("stated", "control"),
    [
        ('steps = 1, control = "on_off"', "on_off"),
        ('steps = 10, control = "program"', "program"),
        ('steps = 1, control = "on_off", level_order = "unknown"', "on_off"),
        ('steps = 1, control = "program", level_order = "unknown"', "program"),
    ],
)
def test_an_actuator_may_be_controlled_in_other_ways(stated: str, control: str) -> None:
    text = SMALL.replace("steps = 10", stated).replace("levels = [3]", "levels = [1]")
    subject = massager(text.replace("a003", "a001"))
    assert subject.controls == (control,)
    (actuator,) = mount("it", subject.held_at("gluteal")).actuators
    assert actuator.control == control


def test_vibration_that_was_measured_is_kept() -> None:
    measured = massager(SMALL.replace("held = true", "held = true\na_m_s2 = 4.2"))
    assert mount("it", measured.held_at("gluteal")).a_m_s2 == measured.a_m_s2 == 4.2


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        ('steps = 10, control = "on_off"', 'control = "on_off" must have steps = 1'),
        ('steps = 10, control = "fast"', "control = \"fast\": must be 'levels', 'on_off' or"),
        ('steps = 10, level_order = "falling"', "must be 'rising' or 'unknown'"),
        ('steps = 10, level_order = "unknown"', 'level_order = "unknown" must have steps = 1'),
        ('steps = 1, level_order = "unknown"', 'level_order = "unknown" must have steps = 1'),
    ],
)
def test_a_mistake_in_an_actuator_is_named(stated: str, line: str) -> None:
    with pytest.raises(MassagerError) as refusal:
        load_text(SMALL.replace("steps = 10", stated), "small.toml")
    assert line in str(refusal.value)


@pytest.mark.parametrize("stated", ["0", "inf", "-1"])
def test_a_vibration_that_makes_no_sense_is_named(stated: str) -> None:
    with pytest.raises(MassagerError, match=f"a_m_s2 = {stated}: must be "):
        load_text(SMALL.replace("held = true", f"held = true\na_m_s2 = {stated}"), "small.toml")


def test_a_regular_report_must_say_the_levels() -> None:
    wrong = WARM.replace('frame = "C0 {c}"', 'frame = "C0 {c}"\nevery_s = 1.0')
    with pytest.raises(MassagerError, match=r"every_s must go with {all}"):
        load_text(wrong, "small.toml")
