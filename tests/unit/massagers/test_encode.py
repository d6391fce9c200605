"""From judged frames to writes, and what is remembered between them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.errors import UsageError
from devicehub.massagers.encode import CodecState, encode, forget, initial, raw
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import is_stop, levels_of
from tests.unit.massagers.material import (
    CAPE,
    DOMI,
    MODELS,
    PAIR,
    SMALL,
    X40,
    judged,
    massager,
    steady,
)

HELD = (CAPE, X40, DOMI.held_at("gluteal"))
FRONT = (*range(10), *range(30, 40))
PAIRED = massager(PAIR).held_at("gluteal")


def hexes(subject: Massager, demand: tuple[float, ...], state: CodecState) -> list[str]:
    encoded, _ = encode(subject, steady(subject, demand), state)
    return [write.data.hex() for write in encoded.writes]


@pytest.mark.parametrize("subject", HELD, ids=lambda subject: subject.model)
def test_what_is_written_is_what_the_governor_let_through(subject: Massager) -> None:
    state = initial()
    for frame in judged(subject, [[1.0] * len(subject.steps)] * 100):
        encoded, state = encode(subject, frame, state)
        (write,) = encoded.writes
        assert levels_of(subject, write) == frame.steps
        assert encoded.steps == frame.steps
        assert encoded.not_after_s == frame.not_after_s
        assert not encoded.is_stop


@pytest.mark.exhaustive
@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=40, max_size=40))
def test_no_motor_on_the_front_of_the_vest_ever_moves(demand: list[float]) -> None:
    state = initial()
    for frame in judged(X40, [demand] * 40):
        encoded, state = encode(X40, frame, state)
        for write in encoded.writes:
            levels = levels_of(X40, write)
            assert levels is not None
            assert [levels[i] for i in FRONT] == [0] * len(FRONT)


@pytest.mark.exhaustive
def test_the_vests_back_does_move() -> None:
    assert any(steady(X40, [1.0] * 40).steps)


def test_the_capes_counter_rises_with_each_frame_and_begins_again() -> None:
    state = CodecState(254, None)
    counters: list[int] = []
    for frame in judged(CAPE, [[0.1] * 12] * 4):
        encoded, state = encode(CAPE, frame, state)
        counters.append(encoded.writes[0].data[1])
    assert counters == [254, 255, 0, 1]


def test_an_idle_cape_gets_a_level_frame_so_that_its_heat_stays_on() -> None:
    encoded, _ = encode(CAPE, steady(CAPE, [0.0] * 12, 0.1), initial())
    (write,) = encoded.writes
    assert not is_stop(CAPE, write)
    assert levels_of(CAPE, write) == (0,) * 12


def test_an_idle_massager_of_another_family_gets_its_stop_bytes() -> None:
    small = massager(SMALL.replace("A0 00", "A0 FF")).held_at("gluteal")
    assert hexes(small, (0.0,), initial()) == ["a0ff"]


def test_a_frame_for_each_actuator_writes_all_at_first() -> None:
    assert [line[:2] for line in hexes(PAIRED, (0.3, 0.0), initial())] == ["a0", "a1"]


def test_a_frame_for_each_actuator_writes_the_changed_ones_after_that() -> None:
    one, both = steady(PAIRED, (0.3, 0.0)), steady(PAIRED, (0.3, 0.3))
    assert one.steps[0] == both.steps[0] > 0
    _, state = encode(PAIRED, one, initial())
    encoded, state = encode(PAIRED, both, state)
    assert [write.data[0] for write in encoded.writes] == [0xA1]
    encoded, _ = encode(PAIRED, both, state)
    assert encoded.writes == ()


def test_a_frame_after_a_stop_writes_all_again_and_the_counter_goes_on() -> None:
    frame = steady(PAIRED, (0.3, 0.0))
    _, state = encode(PAIRED, frame, initial())
    forgot = forget(state)
    encoded, _ = encode(PAIRED, frame, forgot)
    assert len(encoded.writes) == len(PAIRED.steps)
    assert forgot.counter == state.counter


def test_encoding_twice_from_one_state_gives_the_same() -> None:
    frame = steady(CAPE, [0.2] * 12, 1.0)
    state = CodecState(9, None)
    assert encode(CAPE, frame, state) == encode(CAPE, frame, state)


def test_a_frame_for_another_massager_is_refused() -> None:
    with pytest.raises(ValueError, match="bhaptics-x40: this frame was judged for another"):
        encode(X40, steady(CAPE, [0.1] * 12, 0.1), initial())


@pytest.mark.parametrize("subject", MODELS, ids=lambda subject: subject.model)
def test_a_stop_is_ready_made_never_old_and_all_zero(subject: Massager) -> None:
    for stop in subject.stops:
        assert stop.is_stop
        assert stop.not_after_s == math.inf
        assert stop.steps == (0,) * len(subject.steps)
        assert stop.writes


def test_where_a_counter_makes_stops_differ_there_are_two() -> None:
    counting = massager(SMALL.replace('stop = "A0 00"', 'stop = "AF {counter}"'))
    assert [[write.data.hex() for write in stop.writes] for stop in counting.stops] == [
        ["af00"],
        ["af01"],
    ]


@pytest.mark.parametrize(
    ("levels", "right"),
    [
        ([], "12 levels wanted, not 0"),
        ([1] * 13, "12 levels wanted, not 13"),
        ([101, *[0] * 11], "motor 0 is given level 101; must be 0 to 100"),
        ([*[0] * 11, -1], "motor 11 is given level -1; must be 0 to 100"),
    ],
)
def test_raw_levels_out_of_range_are_refused_in_one_line(levels: list[int], right: str) -> None:
    with pytest.raises(UsageError) as refusal:
        raw(CAPE, levels)
    assert str(refusal.value) == f"reference-cape: {right}"
