"""The ledger: reserved before it is used, kept for 24 hours, never less than the truth."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerLocked
from devicehub.safety.past import NOTHING_YET, Exposure, Received
from tests.unit.ledger.moments import DAY_S, HOUR_S, Computer

BACK = ("paraspinal_lumbar", "left")
NECK = ("neck_posterior", "right")
ANN = "Ann"


def exposure(seconds: float, place: tuple[str, str] = BACK) -> Exposure:
    part = Received(seconds, seconds / 4)
    return Exposure({place: part}, seconds, {"surface_vibration": seconds}, seconds / 2)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.in_memory() as ledger:
        ledger.add(ANN, 1.0)
        yield ledger


@pytest.fixture
def computer() -> Computer:
    return Computer()


def back_s(ledger: Ledger, computer: Computer, person: str = ANN) -> float:
    return ledger.past(person, computer.now).exposure.places.get(BACK, Received()).seconds


def test_a_new_person_has_received_nothing(ledger: Ledger, computer: Computer) -> None:
    assert ledger.past(ANN, computer.now) == NOTHING_YET


def test_nobody_has_a_past_that_is_not_known(ledger: Ledger, computer: Computer) -> None:
    with pytest.raises(SafetyRefusal, match="Bob: nobody of that name is known\ntry: devicehub"):
        ledger.past("Bob", computer.now)


def test_what_is_reserved_counts_in_full_until_the_session_is_closed(
    ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, exposure(0.0), exposure(10.0), computer.now)
    assert back_s(ledger, computer) == 10.0
    ledger.reserve(session, exposure(5.0), exposure(10.0), computer.wait(5.0))
    assert back_s(ledger, computer) == 15.0
    ledger.end(session, exposure(7.0), computer.wait(5.0))
    assert ledger.past(ANN, computer.now).exposure == exposure(7.0)


def test_places_and_sessions_add_up(ledger: Ledger, computer: Computer) -> None:
    for place in (BACK, NECK, BACK):
        session = ledger.begin(ANN, computer.wait(HOUR_S))
        ledger.end(session, exposure(60.0, place), computer.wait(60.0))
    past = ledger.past(ANN, computer.wait(30.0))
    assert past.exposure.places == {BACK: Received(120.0, 30.0), NECK: Received(60.0, 15.0)}
    assert (past.exposure.active_s, past.exposure.heat_s) == (180.0, 90.0)
    assert past.exposure.class_s == {"surface_vibration": 180.0}
    assert (past.sessions, past.last_ended_ago_s, past.last_active_s) == (3, 30.0, 60.0)
    assert past.heat_ended_ago_s == 30.0


def test_a_session_that_was_never_closed_ended_with_its_reservation(
    ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, exposure(0.0), exposure(10.0), computer.now)
    assert ledger.past(ANN, computer.wait(5.0)).last_ended_ago_s == 0.0
    past = ledger.past(ANN, computer.wait(15.0))
    assert (past.last_ended_ago_s, past.heat_ended_ago_s, past.last_active_s) == (10.0, 10.0, 10.0)
    computer.wait(DAY_S - 10.001)
    assert back_s(ledger, computer) == 10.0
    computer.wait(0.002)
    assert back_s(ledger, computer) == 0.0


def test_what_the_ledger_holds_never_shrinks(ledger: Ledger, computer: Computer) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, exposure(8.0), Exposure(), computer.now)
    ledger.end(session, exposure(3.0), computer.wait(1.0))
    assert ledger.past(ANN, computer.now).exposure == exposure(8.0)


def test_each_minute_of_a_session_is_free_again_24_hours_after_its_last_use(
    ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    for minute in range(1, 11):
        ledger.reserve(session, exposure(60.0 * minute), exposure(10.0), computer.wait(60.0))
    ledger.end(session, exposure(600.0), computer.now)
    computer.wait(DAY_S - 600.0)
    left = [back_s(ledger, computer)]
    for _ in range(10):
        computer.wait(60.0)
        left.append(back_s(ledger, computer))
    assert left == [60.0 * n for n in range(10, -1, -1)]
    assert left[0] == 600.0


def test_a_dose_counts_even_where_no_seconds_do(ledger: Ledger, computer: Computer) -> None:
    dose = Exposure({BACK: Received(0.0, 2.0)})
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, Exposure(), dose, computer.now)
    assert ledger.past(ANN, computer.now).exposure == dose
    ledger.end(session, dose, computer.wait(50.0))
    assert ledger.past(ANN, computer.now).exposure == dose


def test_no_part_of_a_minute_is_free_before_the_minute_was_last_used(
    ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, exposure(5.0), Exposure(), computer.now)
    ledger.end(session, exposure(15.0), computer.wait(50.0))
    computer.wait(DAY_S - 1.0)
    assert back_s(ledger, computer) == 15.0
    computer.wait(1.0)
    assert back_s(ledger, computer) == 0.0


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.0])
def test_what_is_no_length_of_time_is_not_reserved(
    wrong: float, ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    with pytest.raises(LedgerLocked, match="makes no sense"):
        ledger.reserve(session, Exposure(), exposure(wrong), computer.now)


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_no_length_of_time_was_not_used(
    wrong: float, ledger: Ledger, computer: Computer
) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.reserve(session, Exposure(), exposure(10.0), computer.now)
    with pytest.raises(LedgerLocked, match="makes no sense"):
        ledger.end(session, exposure(wrong), computer.now)
    assert back_s(ledger, computer) == 10.0


def test_nothing_is_reserved_in_a_session_that_is_over(ledger: Ledger, computer: Computer) -> None:
    session = ledger.begin(ANN, computer.now)
    ledger.end(session, exposure(1.0), computer.now)
    with pytest.raises(SafetyRefusal, match="is over"):
        ledger.reserve(session, exposure(1.0), exposure(10.0), computer.now)
    assert back_s(ledger, computer) == 1.0


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_clock_that_makes_no_sense_locks(wrong: float, ledger: Ledger) -> None:
    computer = Computer(true_s=wrong)
    with pytest.raises(LedgerLocked, match="clock of this computer makes no sense"):
        ledger.past(ANN, computer.now)


def test_rows_older_than_a_day_are_removed(tmp_path: Path, computer: Computer) -> None:
    file = tmp_path / "ledger.sqlite"
    with Ledger.open(file) as ledger:
        ledger.add(ANN)
        for _ in range(30):
            session = ledger.begin(ANN, computer.wait(HOUR_S))
            ledger.reserve(session, exposure(1.0), exposure(10.0), computer.wait(60.0))
    with closing(sqlite3.connect(file)) as db:
        (slices,) = db.execute("SELECT COUNT(*) FROM received").fetchone()
        (sessions,) = db.execute("SELECT COUNT(*) FROM session").fetchone()
    assert (slices, sessions) == (24 * 4, 24)


def test_two_mild_reports_in_one_session_count_two_in_two_do_not(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.begin(ANN, computer.now)
    ledger.discomfort(ANN, severe=False, now=computer.wait(1.0))
    ledger.begin(ANN, computer.now)
    ledger.discomfort(ANN, severe=False, now=computer.wait(1.0))
    assert ledger.past(ANN, computer.now).mild_ended_ago_s is None
    ledger.discomfort(ANN, severe=False, now=computer.wait(1.0))
    assert ledger.past(ANN, computer.wait(7.0)).mild_ended_ago_s == 7.0


def test_severe_reports_count_for_a_day_and_stay_until_acknowledged(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.discomfort(ANN, severe=True, now=computer.now)
    ledger.discomfort(ANN, severe=True, now=computer.wait(HOUR_S))
    past = ledger.past(ANN, computer.wait(60.0))
    assert (past.severe_ago_s, past.severe_acknowledged) == ((60.0, HOUR_S + 60.0), False)
    ledger.begin(ANN, computer.wait(2 * DAY_S))
    past = ledger.past(ANN, computer.now)
    assert (past.severe_ago_s, past.severe_acknowledged) == ((), False)
    ledger.acknowledge(ANN, computer.now)
    assert ledger.past(ANN, computer.now).severe_acknowledged


def test_a_severe_report_counts_until_it_is_a_day_old_however_old_the_ledger_is(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.past(ANN, computer.now)
    ledger.discomfort(ANN, severe=True, now=computer.wait(20 * HOUR_S))
    assert ledger.past(ANN, computer.wait(DAY_S - 1.0)).severe_ago_s == (DAY_S - 1.0,)
    assert ledger.past(ANN, computer.wait(1.0)).severe_ago_s == ()
