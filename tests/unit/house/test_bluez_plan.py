"""What `make bluez` plays: nobody and no way to end is left out, whatever the library holds."""

from collections import Counter

from devicehub.massagers.library import load_library
from tests.bluez.plan import ENDS, OUT_OF_RANGE, make


def test_every_family_is_played_once_or_named_as_left_out() -> None:
    plan = make()
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
