"""A massager that knows only more and less: every walk, and what the last gate lets through."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.errors import MassagerError
from devicehub.massagers.encode import encode, initial, raw, repeat
from devicehub.massagers.library import load_text
from devicehub.massagers.parse import admit
from devicehub.massagers.walking import follow, step_towards
from devicehub.massagers.wire import Write
from tests.unit.massagers.material import SMALL, massager, steady

KEYED = (
    SMALL.replace("steps = 10 }", "steps = 3, count = 2 }")
    .replace('set = "A0 {0}"', 'up = ["A0 01", "A1 01"]\ndown = ["A0 02", "A1 02"]')
    .replace("levels = [3]", "levels = [2, 1]")
    .replace('["a003"]', '["a000", "a001", "a101", "a001"]')
)
# No word for stop: as many presses down as there are steps.
WORDLESS = KEYED.replace('stop = "A0 00"', f"stop = {['A0 02', 'A1 02'] * 3}").replace(
    '["a000", ', '["a002", "a102", "a002", "a102", "a002", "a102", '
)
FINE = KEYED.replace("steps = 3", "steps = 10")  # so that one step is under every cap
BED = massager(KEYED)
STEPS = (3, 3)
TX = "0000fff1-0000-1000-8000-00805f9b34fb"
UP, DOWN = ((b"\xa0\x01", b"\xa1\x01"), (b"\xa0\x02", b"\xa1\x02"))
STOP = b"\xa0\x00"

levels = st.tuples(st.integers(0, 3), st.integers(0, 3))


class Motors:
    """Two motors that hear keys: they end at 0 and at 3."""

    def __init__(self) -> None:
        self.levels = [2, 3]  # nobody knows

    def hear(self, writes: Sequence[Write]) -> None:
        for write in writes:
            if write.data == STOP:
                self.levels = [0, 0]
            elif write.data in UP:
                motor = UP.index(write.data)
                self.levels[motor] = min(3, self.levels[motor] + 1)
            else:
                motor = DOWN.index(write.data)
                self.levels[motor] = max(0, self.levels[motor] - 1)


def key(data: bytes) -> Write:
    return Write(TX, data, response=True)


def presses(subject: str, wanted: tuple[int, int], told: tuple[int, int] | None) -> list[bytes]:
    codec = massager(subject).codec
    writes, _ = step_towards(codec, wanted, told)
    return [STOP] if writes is None else [write.data for write in writes]


@pytest.mark.exhaustive
@given(st.lists(levels, min_size=1, max_size=12))
def test_every_walk_ends_where_it_should_and_never_rises_by_more_than_a_step(
    wishes: list[tuple[int, int]],
) -> None:
    motors, told = Motors(), None
    for wish in wishes:
        for _ in range(8):
            before = list(motors.levels)
            writes, steps = step_towards(BED.codec, wish, told)
            sent = [key(STOP)] if writes is None else list(writes)
            motors.hear(sent)
            assert follow(BED.codec, sent, told) == steps
            assert all(after - was <= 1 for after, was in zip(motors.levels, before, strict=True))
            assert all(a <= max(w, b) for a, w, b in zip(steps, wish, told or (0, 0), strict=True))
            told = steps
            assert tuple(motors.levels) == told
        assert told == wish


def test_where_it_is_unknown_it_is_stopped_first() -> None:
    assert presses(KEYED, (2, 1), None) == [STOP]


def test_a_rise_is_one_press_of_each_motor() -> None:
    assert presses(KEYED, (3, 1), (0, 0)) == [*UP]
    assert presses(KEYED, (3, 1), (1, 1)) == [UP[0]]


def test_a_fall_is_all_its_presses_at_once_or_the_stop_where_that_is_sooner() -> None:
    assert presses(KEYED, (1, 1), (3, 1)) == [STOP]
    assert presses(KEYED, (2, 1), (3, 1)) == [DOWN[0]]
    assert presses(WORDLESS, (1, 1), (3, 3)) == [DOWN[0], DOWN[0], DOWN[1], DOWN[1]]


def test_a_fall_comes_before_a_rise() -> None:
    assert presses(WORDLESS, (1, 3), (3, 1)) == [DOWN[0], DOWN[0]]


def test_a_motor_that_goes_to_0_goes_there_by_the_stop() -> None:
    assert presses(WORDLESS, (0, 3), (1, 3)) == [STOP]


def test_what_is_there_already_is_not_pressed_again() -> None:
    assert presses(KEYED, (2, 1), (2, 1)) == []
    assert presses(KEYED, (0, 0), (0, 0)) == []


def test_a_refresh_presses_nothing() -> None:
    subject = massager(FINE).held_at("gluteal")
    frame, state = steady(subject, (1.0, 1.0)), initial()
    for _ in range(11):
        _, state = encode(subject, frame, state)
    assert any(frame.steps)
    again, _ = encode(subject, frame, repeat(state))
    assert (again.writes, again.steps) == ((), frame.steps)


def test_what_is_encoded_says_the_steps_that_are_reached() -> None:
    subject = massager(FINE).held_at("gluteal")
    frame = steady(subject, (1.0, 1.0))
    home, state = encode(subject, frame, initial())
    assert (home.steps, [w.data for w in home.writes]) == ((0, 0), [STOP])
    first, _ = encode(subject, frame, state)
    assert (first.steps, [w.data for w in first.writes]) == ((1, 1), [*UP])


@pytest.mark.parametrize(
    ("writes", "told", "steps"),
    [
        ([STOP], None, (0, 0)),
        ([STOP], (3, 3), (0, 0)),
        ([UP[0]], (1, 1), (2, 1)),
        ([*UP], (1, 1), (2, 2)),
        ([DOWN[0], DOWN[0]], (3, 1), (1, 1)),
        ([DOWN[0]], (0, 1), (0, 1)),
        ([], (1, 1), (1, 1)),
        ([UP[0]], None, None),
        ([UP[0], UP[0]], (1, 1), None),
        ([UP[0], DOWN[1]], (1, 1), None),
        ([STOP, UP[0]], (1, 1), None),
        ([UP[0]], (3, 1), None),
        ([b"\xa0\x03"], (1, 1), None),
        ([UP[0]], (1, 1, 1), None),
    ],
)
def test_the_gate_counts_the_presses_itself(
    writes: list[bytes], told: tuple[int, ...] | None, steps: tuple[int, int] | None
) -> None:
    passed = admit(BED, [key(data) for data in writes], told, 1.0)
    assert (None if passed is None else passed.steps) == steps


def test_a_stop_of_presses_passes_whole_where_nobody_knows_the_level() -> None:
    subject = massager(WORDLESS)
    stop = list(subject.stops[0].writes)
    assert len(stop) == 6
    passed = admit(subject, stop, None, 1.0)
    assert passed is not None
    assert passed.steps == (0, 0)
    assert admit(subject, stop[:5], None, 1.0) is None


def test_raw_levels_are_walked_to_from_a_stop() -> None:
    assert [write.data for write in raw(BED, [2, 1])] == [STOP, *UP, UP[0]]


@pytest.mark.parametrize(
    ("wrong", "instead", "line"),
    [
        ('up = ["A0 01", "A1 01"]', 'up = ["A0 01"]', "up: must be one frame for each of 2"),
        ('"A1 02"]', '"A1 01"]', "up: must not be a frame of another actuator, or of down"),
        ('stop = "A0 00"', 'stop = "A0 01"', "stop: must not be a frame that moves something"),
        ('up = ["A0 01", "A1 01"]', "", "must have one of set, set_each, up with down, and codec"),
        ("down = [", 'set = "A0 {0} {1}"\ndown = [', "must have one of set, set_each, up with"),
        ('down = ["A0 02", "A1 02"]', "", "must have up and down together"),
        ('"A1 02"]', '"A1 {counter}"]', "must ask for a response, and may not carry {counter}"),
        ("response = true", "response = false", "must ask for a response"),
        ("held = true", "held = true\nheat = 1", "heat"),
        ("[[model]]", '[battery]\nask = "A1 01"\n[[model]]', "battery.ask: must not be a frame th"),
    ],
)
def test_keys_that_make_no_sense_are_named(wrong: str, instead: str, line: str) -> None:
    assert wrong in KEYED
    with pytest.raises(MassagerError) as refusal:
        load_text(KEYED.replace(wrong, instead), "small.toml")
    assert line in str(refusal.value)
