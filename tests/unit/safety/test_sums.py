"""What adds up: sums that know when they are full, frames that may have arrived, and who counts."""

import math

import pytest

from devicehub.safety.caps import Caps
from devicehub.safety.exposure import Exposed, Reach, Sum
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount
from devicehub.safety.places import classes
from tests.unit.safety.bench import mount

HANDHELD, PERCUSSIVE = "handheld_vibration", "percussive"


def exposed(limits: Limits, *mounts: Mount) -> Exposed:
    return Exposed(limits, mounts, Caps(limits, mounts, 1.0))


# -- a sum ----------------------------------------------------------------------------------------


def test_a_sum_knows_when_it_will_be_full() -> None:
    total = Sum()
    total.allow(10.0)
    assert total.due_s == math.inf
    total.run(2.0, 100.0)
    assert (total.due_s, total.total(103.0)) == (105.0, 6.0)
    total.run(1.0, 103.0)
    assert (total.due_s, total.total(104.0)) == (107.0, 7.0)
    total.run(0.0, 104.0)
    assert (total.due_s, total.total(999.0)) == (math.inf, 7.0)


@pytest.mark.parametrize(("most", "full"), [(7.0, True), (6.999, True), (7.001, False)])
def test_what_has_reached_its_limit_is_full_also_while_it_rests(most: float, full: bool) -> None:
    total = Sum()
    total.run(1.0, 0.0)
    total.run(0.0, 7.0)
    total.allow(most)
    assert total.due_s == (-math.inf if full else math.inf)


def test_a_little_that_is_left_may_be_used_to_the_end() -> None:
    total = Sum()
    total.allow(0.5)
    total.run(1.0, 10.0)
    assert total.due_s == 10.5


def test_what_was_ended_stays_full_and_goes_on_adding_up() -> None:
    total = Sum()
    total.allow(100.0)
    total.run(1.0, 0.0)
    total.end()
    total.run(2.0, 5.0)
    assert (total.due_s, total.total(6.0)) == (-math.inf, 7.0)


def test_a_time_before_the_last_change_takes_nothing_back() -> None:
    total = Sum()
    total.run(1.0, 0.0)
    total.run(3.0, 10.0)
    assert total.total(4.0) == 10.0
    total.run(1.0, 4.0)
    assert total.total(11.0) == 11.0


# -- what may have arrived ------------------------------------------------------------------------


def test_until_a_later_frame_has_arrived_the_highest_of_all_counts() -> None:
    reach = Reach(2)
    assert reach.judged(1, (3, 0)) == (3, 0)
    assert reach.judged(2, (1, 2)) == (3, 2)
    assert reach.judged(3, (1, 2)) == (3, 2)
    reach.arrived(1)
    assert reach.judged(4, (1, 1)) == (3, 2)
    reach.arrived(2)
    assert reach.judged(5, (0, 0)) == (1, 2)
    reach.arrived(5)
    assert reach.judged(6, (0, 0)) == (0, 0)


def test_of_two_frames_the_first_is_forgotten_when_the_second_has_arrived() -> None:
    reach = Reach(1)
    reach.judged(7, (5,))
    reach.arrived(7)
    assert reach.judged(8, (5,)) == (5,)
    assert reach.judged(9, (2,)) == (5,)
    reach.arrived(9)
    assert reach.judged(10, (2,)) == (2,)


def test_a_stop_forgets_everything() -> None:
    reach = Reach(2)
    reach.judged(1, (3, 3))
    reach.judged(2, (4, 0))
    assert reach.restart() == (0, 0)
    assert reach.judged(3, (0, 1)) == (0, 1)


# -- a session ------------------------------------------------------------------------------------


def test_a_place_counts_from_its_first_moment(limits: Limits) -> None:
    it = exposed(limits, mount("gluteal", "rhomboid", side="left", steps=10))
    it.judged("cape", 1, (4, 0), 100.0)
    assert it.until(100.0).places == {}
    got = it.until(100.25)
    assert set(got.places) == {("gluteal", "left")}
    (received,) = got.places.values()
    assert (received.seconds, received.dose) == (0.25, pytest.approx(0.04))
    assert (got.active_s, got.class_s) == (0.25, {"surface_vibration": 0.25})


def test_two_massagers_at_one_place_keep_a_part_of_the_row_each(limits: Limits) -> None:
    cape = mount("gluteal", "gluteal", side="left", steps=10)
    it = exposed(limits, cape, mount("gluteal", device="wand", side="left", steps=10))
    it.restart("cape", 0.0)
    it.restart("wand", 0.0)
    it.judged("wand", 1, (5,), 0.0)
    it.judged("cape", 1, (0, 2), 0.0)
    it.judged("cape", 2, (3, 2), 1.0)
    assert it.until(2.0).places["gluteal", "left"].dose == pytest.approx(0.5)


def test_the_members_of_a_class_are_its_motors_that_may_move(limits: Limits) -> None:
    it = exposed(
        limits,
        mount("gluteal"),
        mount("gluteal", "abdomen", "rhomboid", device="wand", stimulus_class=HANDHELD),
        mount("gluteal", device="gun", stimulus_class=PERCUSSIVE),
    )
    assert it.members((HANDHELD,)) == (1, 3)
    assert it.members((HANDHELD, PERCUSSIVE)) == (1, 3, 4)
    assert it.members(("rotating_nodes",)) == ()


def test_a_class_is_all_of_its_motors_that_may_move(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class=HANDHELD)
    mounts = [mount("gluteal", "abdomen", "rhomboid"), wand]
    caps = Caps(limits, mounts, 1.0)
    assert classes(mounts, caps) == {"surface_vibration": (0, 2), HANDHELD: (3,)}


def test_the_most_that_a_while_can_bring_is_the_square_of_the_strongest(limits: Limits) -> None:
    it = exposed(
        limits,
        mount("gluteal", side="left"),
        mount("gluteal", device="one", stimulus_class=HANDHELD, a_m_s2=20.0, side="left"),
        mount("rhomboid", device="two", stimulus_class=HANDHELD, a_m_s2=5.0, side="left"),
    )
    most = it.most_within(4.0)
    at = {place: (each.seconds, each.dose) for place, each in most.places.items()}
    assert at == {
        ("gluteal", "left"): (4.0, pytest.approx(0.49 * 4.0)),
        ("rhomboid", "left"): (4.0, pytest.approx(0.25 * 4.0)),
    }
    assert most.class_s == {"surface_vibration": 4.0, HANDHELD: 4.25 * 4.0}
    assert most.active_s == 4.0


def test_several_classes_are_one_sum_however_often_it_is_asked_for(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class=HANDHELD)
    it = exposed(limits, wand, mount("gluteal", device="gun", stimulus_class=PERCUSSIVE))
    held = it.together((HANDHELD, PERCUSSIVE))
    assert it.together((HANDHELD, PERCUSSIVE)) is held
    it.judged("wand", 1, (9,), 0.0)
    it.judged("gun", 1, (9,), 2.0)
    assert held.total(3.0) == 4.0
    it.restart("wand", 3.0)
    assert held.total(5.0) == 6.0
