"""What `make bluez` plays: nobody and no way to end is left out, whatever the library holds."""

from collections import Counter

import pytest

from devicehub.massagers.library import load_library
from firmware_sim.catalogue import address_of
from tests.bluez.plan import ENDS, OUT_OF_RANGE, make


@pytest.mark.parametrize("machines", [1, 2, 3])
def test_every_family_is_played_once_or_named_as_left_out(machines: int) -> None:
    plan = make(machines=machines)
    families = {massager.family for massager in load_library().values()}
    assert {guest.family for guest in plan.guests} | set(plan.left_out) == families
    played = Counter(
        guest for each in plan.sessions if each.end != OUT_OF_RANGE for guest in each.guests
    )
    assert set(played) == set(plan.guests)
    assert played.most_common(1)[0][1] == 1


def test_sessions_end_in_every_way_and_none_is_of_nobody() -> None:
    plan = make()
    assert {each.end for each in plan.sessions} == set(ENDS)
    assert all(each.guests for each in plan.sessions)


def test_a_killed_keeper_leaves_massagers_that_hold_their_last_frame() -> None:
    library = load_library()
    for end in ("keeper killed", "both killed"):
        (session, *_) = [each for each in make().sessions if each.end == end]
        assert any(library[guest.model].lease_s is None for guest in session.guests)


def test_one_family_is_played_in_every_way() -> None:
    plan = make(["lovense"])
    assert [guest.model for guest in plan.guests] == ["lovense-domi"]
    assert [each.end for each in plan.sessions] == list(ENDS)


def test_two_machines_have_about_as_much_to_do_each() -> None:
    one, other = (len(part.sessions) for part in make(machines=2).parts)
    assert abs(one - other) <= 1


def test_no_machine_is_booted_for_nothing() -> None:
    parts = make(["lovense"], ["stop"], machines=2).parts
    assert [len(part.sessions) for part in parts] == [1]


def test_a_massager_is_where_the_simulator_of_its_machine_puts_it() -> None:
    for part in make(machines=2).parts:
        places = [address_of(place) for place in range(len(part.guests))]
        assert [guest.address for guest in part.guests] == places
        assert {guest for each in part.sessions for guest in each.guests} == set(part.guests)


@pytest.mark.parametrize("machines", [1, 2])
def test_who_goes_out_of_range_is_the_first_of_its_machine(machines: int) -> None:
    (part,) = [
        part
        for part in make(machines=machines).parts
        if any(each.end == OUT_OF_RANGE for each in part.sessions)
    ]
    (lossy,) = [each for each in part.sessions if each.end == OUT_OF_RANGE]
    assert lossy.guests == part.guests[:1]
