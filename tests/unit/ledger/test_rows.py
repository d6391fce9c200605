"""Exposure as rows: what is written of a session, and what the rows add up to."""

from devicehub.ledger.rows import exposure, longest_s, rows
from devicehub.safety.past import Exposure, Received

WHOLE = Exposure(
    places={("neck_posterior", "right"): Received(5.0, 1.5)},
    active_s=7.0,
    class_s={"surface_vibration": 6.0},
    heat_s=30.0,
)


def test_a_place_has_a_side_and_nothing_else_has_one() -> None:
    assert list(rows(WHOLE)) == [
        (("zone", "neck_posterior", "right"), Received(5.0, 1.5)),
        (("class", "surface_vibration", ""), Received(6.0)),
        (("active", "", ""), Received(7.0)),
        (("heat", "", ""), Received(30.0)),
    ]


def test_rows_add_up_to_what_they_were_made_of() -> None:
    assert exposure(rows(WHOLE)) == WHOLE
    assert exposure([]) == Exposure()


def test_all_of_it_takes_as_long_as_the_longest_part() -> None:
    assert longest_s(WHOLE) == 30.0
    assert longest_s(Exposure()) == 0.0
