"""The last gate: what may pass to a massager, whatever the hub says about it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.errors import SafetyRefusal
from devicehub.keeper.gate import FRAME_TTL_S, Gate
from devicehub.keeper.protocol import Frame
from devicehub.massagers.encode import raw
from devicehub.massagers.wire import Encoded
from tests.unit.massagers.material import PAIR, massager
from tests.unit.radio.bench import CAPE, VEST, WAND, known
from tests.unit.radio.walked import bed

NOW_S = 100.0
LEVELS = {CAPE: [30] * 12, VEST: [0] * 10 + [6] * 20 + [0] * 10, WAND: [8]}

Writes = list[tuple[str, str, bool]]


def gate(model: str = CAPE, ceiling: int = 40) -> Gate:
    subject = known(model)
    return Gate(subject, tuple(min(ceiling, most) for most in subject.steps))


def writes(model: str, levels: list[int]) -> Writes:
    """Return what a hub would ask for; `raw` knows no limits."""
    return [(w.char, w.data.hex(), w.response) for w in raw(known(model), levels)]


def frame(
    writes: Writes, not_after_s: float = NOW_S + 0.4, steps: list[int] | None = None
) -> Frame:
    return Frame(1, "it", writes, steps or [], not_after_s)


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
def test_a_frame_under_the_ceiling_passes(model: str) -> None:
    passed = gate(model).judge(frame(writes(model, LEVELS[model])), NOW_S)
    assert isinstance(passed, Encoded)
    assert list(passed.steps) == LEVELS[model]
    assert passed.not_after_s == NOW_S + 0.4


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
def test_a_stop_passes(model: str) -> None:
    stop = known(model).stops[0].writes[0]
    passed = gate(model, 0).judge(frame([(stop.char, stop.data.hex(), stop.response)]), NOW_S)
    assert isinstance(passed, Encoded)
    assert not any(passed.steps)


@pytest.mark.parametrize(
    "not_after_s",
    [NOW_S - 0.001, 0.0, -math.inf, math.inf, math.nan, NOW_S + FRAME_TTL_S + 0.001, 1e9],
)
def test_a_life_that_is_over_or_too_long_is_stale(not_after_s: float) -> None:
    assert gate().judge(frame(writes(CAPE, LEVELS[CAPE]), not_after_s), NOW_S) == "stale"


@pytest.mark.parametrize("not_after_s", [NOW_S, NOW_S + FRAME_TTL_S])
def test_a_life_that_ends_at_this_instant_or_is_as_long_as_any_passes(not_after_s: float) -> None:
    passed = gate().judge(frame(writes(CAPE, LEVELS[CAPE]), not_after_s), NOW_S)
    assert isinstance(passed, Encoded)


@pytest.mark.parametrize("motor", range(12))
def test_one_motor_above_its_ceiling_is_enough(motor: int) -> None:
    levels = [30] * 12
    levels[motor] = 41
    assert gate().judge(frame(writes(CAPE, levels)), NOW_S) == "above the ceiling"


def test_every_motor_has_a_ceiling_of_its_own() -> None:
    subject = known(CAPE)
    uneven = Gate(subject, (40, 0, 40) * 4)
    assert uneven.judge(frame(writes(CAPE, [40, 0, 40] * 4)), NOW_S).__class__ is Encoded
    assert uneven.judge(frame(writes(CAPE, [40, 1, 40] * 4)), NOW_S) == "above the ceiling"


def test_the_bytes_count_and_not_what_the_hub_says_of_them() -> None:
    lie = frame(writes(CAPE, [100] * 12), steps=[0] * 12)
    assert gate().judge(lie, NOW_S) == "above the ceiling"


@pytest.mark.parametrize("data", ["zz", "0", "00 zz"])
def test_what_is_not_hex_is_unreadable(data: str) -> None:
    ((char, _, yes),) = writes(CAPE, LEVELS[CAPE])
    assert gate().judge(frame([(char, data, yes)]), NOW_S) == "unreadable"


CHARS = [
    "00002a19-0000-1000-8000-00805f9b34fb",  # battery
    "7d3c0003-52a4-4c0e-9f6b-2b1e8a6cd101",  # status
    "00001531-1212-efde-1523-785feabcd123",  # firmware update of many chips
    "7D3C0002",
    "",
]


@pytest.mark.parametrize("char", CHARS)
@pytest.mark.parametrize("data", ["00", "0150", "01" + "00" * 12 + "0001"])
def test_no_other_characteristic_is_written(char: str, data: str) -> None:
    assert gate().judge(frame([(char, data, True)]), NOW_S) == "not on the whitelist"


def test_the_way_of_writing_is_on_the_whitelist_too() -> None:
    ((char, data, _),) = writes(CAPE, LEVELS[CAPE])
    assert gate().judge(frame([(char, data, False)]), NOW_S) == "not on the whitelist"


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
def test_a_frame_with_any_bit_changed_carries_legal_levels_or_nothing(model: str) -> None:
    ((char, data, yes),) = writes(model, LEVELS[model])
    sound = bytes.fromhex(data)
    for bit in range(len(sound) * 8):
        spoiled = bytearray(sound)
        spoiled[bit // 8] ^= 1 << bit % 8
        passed = gate(model, 9).judge(frame([(char, bytes(spoiled).hex(), yes)]), NOW_S)
        assert isinstance(passed, str) or max(passed.steps) <= 9


@given(data=st.binary(max_size=40), model=st.sampled_from([CAPE, VEST, WAND]))
def test_no_bytes_at_all_get_a_motor_above_its_ceiling(data: bytes, model: str) -> None:
    ((char, _, yes),) = writes(model, LEVELS[model])
    passed = gate(model, 3).judge(frame([(char, data.hex(), yes)]), NOW_S)
    assert isinstance(passed, str) or max(passed.steps) <= 3


@pytest.mark.parametrize("order", [1, -1])
def test_a_frame_cannot_hide_behind_a_stop(order: int) -> None:
    stop = known(CAPE).stops[0].writes[0]
    both = [(stop.char, stop.data.hex(), True), *writes(CAPE, [100] * 12)][::order]
    assert gate().judge(frame(both), NOW_S) == "not on the whitelist"


def test_one_stranger_among_the_writes_spoils_the_frame() -> None:
    both = [*writes(CAPE, LEVELS[CAPE]), (CHARS[0], "0150", True)]
    assert gate().judge(frame(both), NOW_S) == "not on the whitelist"


# ------------------------------------------------------------------- heat pads

HEAT = "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101"


def heated(data: str, model: str = CAPE, most: int = 80) -> Encoded | str:
    """Return what a gate that allows heat up to `most` half degrees makes of a write to the pad."""
    subject = known(model)
    return Gate(subject, subject.steps, most).judge(frame([(HEAT, data, True)]), NOW_S)


@pytest.mark.parametrize(("data", "heat"), [("00", 0), ("0101", 1), ("0150", 80)])
def test_a_pad_is_switched_up_to_40_degrees(data: str, heat: int) -> None:
    passed = heated(data)
    assert isinstance(passed, Encoded)
    assert (passed.heat, passed.idle) == (heat, heat == 0)


@pytest.mark.parametrize("data", ["0151", "01ff", "0100", "01", "015000", "0250", "0000", ""])
def test_what_is_no_target_up_to_40_degrees_does_not_pass(data: str) -> None:
    assert heated(data, most=255) == "not on the whitelist"


def test_a_pad_that_was_not_agreed_is_not_switched_on() -> None:
    assert heated("0101", most=0) == "above the ceiling"
    assert isinstance(heated("00", most=0), Encoded)
    assert heated("0149", most=72) == "above the ceiling"


@pytest.mark.parametrize("model", [VEST, WAND])
@pytest.mark.parametrize("data", ["00", "0101"])
def test_a_massager_without_a_pad_has_nothing_to_switch(model: str, data: str) -> None:
    assert heated(data, model) == "not on the whitelist"


def test_a_pad_is_spoken_of_once() -> None:
    both = [(HEAT, "0150", True), (HEAT, "00", True)]
    assert Gate(known(CAPE), (40,) * 12, 80).judge(frame(both), NOW_S) == "not on the whitelist"


def test_heat_stays_on_until_it_is_switched_off_or_stopped() -> None:
    last = Gate(known(CAPE), (40,) * 12, 80)
    warm = last.judge(frame([(HEAT, "0150", True)]), NOW_S)
    still = last.judge(frame(writes(CAPE, [0] * 12)), NOW_S)
    last.stopped()
    cold = last.judge(frame(writes(CAPE, [0] * 12)), NOW_S)
    assert [w.heat for w in (warm, still, cold) if isinstance(w, Encoded)] == [80, 80, 0]


def test_a_ceiling_needs_a_step_for_every_actuator() -> None:
    with pytest.raises(SafetyRefusal, match="12 ceilings wanted"):
        Gate(known(CAPE), (40,) * 11)


@pytest.mark.parametrize("step", [-1, 101])
def test_a_ceiling_that_the_massager_does_not_have_is_refused(step: int) -> None:
    with pytest.raises(SafetyRefusal, match="a ceiling that it does not have"):
        Gate(known(CAPE), (*[40] * 11, step))


def test_a_ceiling_can_only_be_lowered() -> None:
    subject = gate(ceiling=30)
    subject.lower((20, 100) * 6, 0)
    assert subject.ceiling == (20, 30) * 6


def test_where_nobody_speaks_of_heat_there_is_none() -> None:
    assert gate().most_heat == 0


def test_the_highest_heat_can_only_be_lowered() -> None:
    subject = Gate(known(CAPE), (40,) * 12, 70)
    for heat, most in ((80, 70), (60, 60), (65, 60), (0, 0)):
        subject.lower((40,) * 12, heat)
        assert subject.most_heat == most


# ------------------------------------------ massagers with a frame an actuator


def pair(ceiling: tuple[int, int] = (5, 5)) -> tuple[Gate, list[Writes]]:
    """Return a gate of two actuators, and the frame of each at level 4."""
    subject = massager(PAIR)
    each = [[(w.char, w.data.hex(), w.response)] for w in raw(subject, [4, 4])]
    return Gate(subject, ceiling), each


def steps(passed: Encoded | str) -> tuple[int, ...] | str:
    return passed if isinstance(passed, str) else passed.steps


def test_what_a_frame_does_not_speak_of_stays_as_it_was_told() -> None:
    gate, (first, second) = pair()
    assert steps(gate.judge(frame(first), NOW_S)) == (4, 0)
    assert steps(gate.judge(frame(second), NOW_S)) == (4, 4)


def test_a_refused_frame_changes_nothing_of_what_was_told() -> None:
    gate, (first, second) = pair((5, 3))
    gate.judge(frame(first), NOW_S)
    assert gate.judge(frame(second), NOW_S) == "above the ceiling"
    assert steps(gate.judge(frame(first), NOW_S)) == (4, 0)


def test_after_a_stop_every_actuator_was_told_0() -> None:
    gate, (first, second) = pair()
    gate.judge(frame(first), NOW_S)
    gate.stopped()
    assert steps(gate.judge(frame(second), NOW_S)) == (0, 4)


# ---------------------------------------------------------- massagers with keys for more and less


def test_of_a_massager_that_takes_levels_nothing_is_unsure() -> None:
    gate, (first, second) = pair()
    gate.judge(frame(first), NOW_S)
    gate.unsure()
    assert steps(gate.judge(frame(second), NOW_S)) == (4, 4)


def test_how_often_a_key_was_pressed_is_unsure_until_a_stop() -> None:
    subject = bed()
    keys = subject.codec.presses
    assert keys is not None
    press = [(w.char, w.data.hex(), w.response) for w in keys.up[:1]]
    stop = [(w.char, w.data.hex(), w.response) for w in subject.stops[0].writes]
    gate = Gate(subject, (3, 3))
    gate.unsure()
    assert gate.judge(frame(press), NOW_S) == "not on the whitelist"
    assert steps(gate.judge(frame(stop), NOW_S)) == (0, 0)
    assert steps(gate.judge(frame(press), NOW_S)) == (1, 0)
    gate.unsure()
    gate.stopped()
    assert steps(gate.judge(frame(press), NOW_S)) == (1, 0)
