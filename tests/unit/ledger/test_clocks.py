"""Whatever the clocks of a computer do, nobody gets more than their day within 24 hours."""

import math
import re
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.moment import Moment
from devicehub.safety.past import Exposure, Received
from tests.unit.ledger.moments import DAY_S, HOUR_S, Computer

ANN = "Ann"
BACK = ("paraspinal_lumbar", "left")
BUDGET_S = 600.0
YEAR_S = 365 * DAY_S
JUMPS_S = [sign * size for sign in (-1, 1) for size in (1.0, HOUR_S, DAY_S, YEAR_S)]

HAPPENINGS = st.one_of(
    st.tuples(st.just("play"), st.floats(1.0, BUDGET_S)),
    st.tuples(st.just("die"), st.floats(1.0, BUDGET_S)),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 600.0, HOUR_S, 8 * HOUR_S, DAY_S])),
    st.tuples(st.just("freeze"), st.sampled_from([600.0, HOUR_S, DAY_S])),
    st.tuples(st.just("set"), st.sampled_from(JUMPS_S)),
    st.tuples(st.just("reboot"), st.sampled_from([0.0, -HOUR_S, -DAY_S, -YEAR_S])),
)


def used(seconds: float) -> Exposure:
    return Exposure({BACK: Received(seconds)}, seconds)


def left_s(ledger: Ledger, now: Moment) -> float:
    return BUDGET_S - ledger.past(ANN, now).exposure.places.get(BACK, Received()).seconds


class Day:
    """A person who plays as much as the ledger lets them, on a computer that has its moods."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.computer = ledger, Computer()
        self.truth: list[tuple[float, float]] = []

    def happen(self, what: str, amount: float) -> None:
        getattr(self, what)(amount)

    def play(self, seconds: float) -> None:
        self._play(min(seconds, left_s(self.ledger, self.computer.now)), closed=True)

    def die(self, seconds: float) -> None:
        self._play(min(seconds, left_s(self.ledger, self.computer.now)), closed=False)

    def wait(self, seconds: float) -> None:
        self.computer.wait(seconds)

    def freeze(self, seconds: float) -> None:
        self.computer.wait(seconds)
        self.computer.set_clock(-seconds)

    def set(self, by_s: float) -> None:
        self.computer.set_clock(by_s)

    def reboot(self, by_s: float) -> None:
        self.ledger.past(ANN, self.computer.now)
        self.computer.wait(60.0)
        self.computer.reboot()
        self.computer.set_clock(by_s)
        self.ledger.past(ANN, self.computer.now)

    def _play(self, seconds: float, *, closed: bool) -> None:
        if seconds <= 0.0:
            return
        session = self.ledger.begin(ANN, self.computer.now)
        self.ledger.reserve(session, Exposure(), used(seconds), self.computer.now)
        self.truth.append((self.computer.true_s, seconds))
        self.computer.wait(seconds)
        self.truth.append((self.computer.true_s, 0.0))
        if closed:
            self.ledger.end(session, used(seconds), self.computer.now)

    def most_within_a_day_s(self) -> float:
        """Return the most that was played in any 24 h of true time, by the ends of plays."""
        plays = [(end, s) for (_, s), (end, _) in pairwise(self.truth) if s]
        return max((sum(s for t, s in plays if end - DAY_S < t <= end) for end, _ in plays))


@pytest.mark.exhaustive
@settings(max_examples=150)
@given(st.lists(HAPPENINGS, min_size=2, max_size=25))
def test_no_setting_of_clocks_gives_more_than_a_day(happenings: list[tuple[str, float]]) -> None:
    with Ledger.in_memory() as ledger:
        ledger.add(ANN)
        day = Day(ledger)
        for happening in [("play", 300.0), *happenings, ("play", BUDGET_S)]:
            day.happen(*happening)
        assert day.most_within_a_day_s() <= BUDGET_S + 1e-6


@pytest.mark.parametrize("ahead_s", [HOUR_S, DAY_S, YEAR_S, 10 * YEAR_S])
def test_what_was_written_while_the_clock_was_ahead_ends_a_day_after_it_is_set_right(
    ahead_s: float,
) -> None:
    computer = Computer(off_s=ahead_s)
    with Ledger.in_memory() as ledger:
        ledger.add(ANN)
        ledger.end(ledger.begin(ANN, computer.now), used(60.0), computer.now)
        computer.set_clock(-ahead_s)
        computer.reboot()
        assert left_s(ledger, computer.now) == BUDGET_S - 60.0
        assert left_s(ledger, computer.wait(DAY_S - 1.0)) == BUDGET_S - 60.0
        assert left_s(ledger, computer.wait(1.0)) == BUDGET_S


def test_a_clock_set_forward_across_a_boot_is_believed() -> None:
    """The one limit, and a page says so: off, nothing but the wall clock counts time."""
    computer = Computer()
    with Ledger.in_memory() as ledger:
        ledger.add(ANN)
        ledger.end(ledger.begin(ANN, computer.now), used(60.0), computer.now)
        computer.set_clock(DAY_S)
        assert left_s(ledger, computer.now) == BUDGET_S - 60.0
        computer.set_clock(DAY_S)
        assert left_s(ledger, computer.reboot()) == BUDGET_S


def test_a_look_that_comes_late_counts_no_second_twice() -> None:
    computer = Computer()
    with Ledger.in_memory() as ledger:
        ledger.add(ANN)
        ledger.end(ledger.begin(ANN, computer.now), used(60.0), computer.now)
        late = computer.wait(DAY_S / 2 - 1.0)
        for _ in range(3):
            left_s(ledger, computer.wait(1.0))
            left_s(ledger, late)
            computer.wait(-1.0)
        assert left_s(ledger, computer.wait(DAY_S / 2)) == BUDGET_S - 60.0


AT = Moment(1000.0, 100.0, "a")


@pytest.mark.parametrize(
    ("now", "surely_s", "perhaps_s"),
    [
        (Moment(1060.0, 160.0, "a"), 60.0, 60.0),
        (Moment(4660.0, 160.0, "a"), 60.0, 3660.0),
        (Moment(1000.0, 160.0, "a"), 0.0, 60.0),
        (Moment(999.0, 160.0, "a"), 0.0, math.inf),
        (Moment(1060.0, 5.0, "b"), 60.0, 60.0),
        (Moment(999.0, 5.0, "b"), 0.0, math.inf),
        (Moment(math.nan, 160.0, "a"), 0.0, math.inf),
    ],
)
def test_time_passed_at_least_and_at_most(now: Moment, surely_s: float, perhaps_s: float) -> None:
    assert (now.since(AT), now.perhaps_since(AT)) == (surely_s, perhaps_s)


def test_the_clocks_of_this_computer_go_forward_within_one_boot() -> None:
    first, second = clock.now(), clock.now()
    assert first.boot_id == second.boot_id != ""
    assert 0.0 < first.boot_s <= second.boot_s
    assert first.since(first) == 0.0 <= second.since(first) < HOUR_S


def test_the_wall_clock_is_read_in_seconds_since_1970() -> None:
    before, at, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert before.timestamp() <= at.wall_s <= after.timestamp()


def test_a_boot_is_told_by_what_the_system_calls_it_or_else_by_this_process() -> None:
    file = Path("/proc/sys/kernel/random/boot_id")
    boot_id = clock.now().boot_id
    if file.exists():
        assert boot_id == file.read_text(encoding="ascii").strip()
    else:
        assert boot_id.startswith("process ")


def test_where_the_system_does_not_tell_the_boot_every_program_has_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clock, "_LINUX_BOOT_ID", tmp_path / "nothing")
    ids = {clock._boot_id.__wrapped__() for _ in range(2)}  # pyright: ignore[reportPrivateUsage] - past what it remembers
    assert len(ids) == 2
    assert all(re.fullmatch(r"process [0-9a-f]{32}", boot_id) for boot_id in ids)


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_the_boot_clock_is_the_one_that_counts_while_the_computer_sleeps(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(which: int) -> int:
        return which

    monkeypatch.setattr(time, "clock_gettime", read)
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 70, raising=False)
    if system == "darwin":
        monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    assert clock.boot_s() == (70 if system == "linux" else time.CLOCK_MONOTONIC)
