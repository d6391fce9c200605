"""What may be felt is felt: a governor that lets nothing through would pass every other test."""

import pytest

from devicehub.safety import limits as table
from devicehub.safety.allowance import step_below
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import Bench, mount

pytestmark = pytest.mark.exhaustive

STEPS = (3, 10, 15, 20, 100)
LIVE = [
    (zone.id, stimulus_class)
    for zone in table.load().zones.values()
    for stimulus_class, caps in zone.caps.items()
    if caps.max_intensity > 0.0
]


def _sampled() -> list[object]:
    """Return a zone of each tier for each class, with the others for `make thorough`."""
    zones = table.load().zones
    seen: set[tuple[str, str]] = set()
    cases: list[object] = []
    for zone, stimulus_class in LIVE:
        kind = zones[zone].tier, stimulus_class
        marks = (pytest.mark.thorough,) if kind in seen else ()
        cases.append(pytest.param(zone, stimulus_class, marks=marks))
        seen.add(kind)
    return cases


SAMPLED = pytest.mark.parametrize(("zone", "stimulus_class"), _sampled())


def highest(limits: Limits, zone: str, stimulus_class: str, steps: int) -> int:
    """Return the step of the cap, or of what the neighbours' joint caps leave of it.

    A wand on the gluteal muscle reaches 0.5 of its 0.6: more would pass 0.10 at the coccyx.
    """
    level = limits.caps(zone, stimulus_class).max_intensity
    for other in limits.zones.values():
        if other.tier in ("guarded", "strict") and (tau := limits.tau(zone, other.id)):
            level = min(level, limits.joint_cap(other.id, stimulus_class) / tau)
    return step_below(level, steps)


def reached(limits: Limits, zone: str, stimulus_class: str, silence_s: float) -> list[bool]:
    """Ask for everything after a silence; tell for each number of steps whether it is felt."""
    felt: list[bool] = []
    for steps in STEPS:
        bench = Bench(limits, mount(zone, stimulus_class=stimulus_class, steps=steps))
        for _ in range(round(silence_s / 0.5)):
            bench.tick(0.0, 0.5)
        top = highest(limits, zone, stimulus_class, steps)
        felt.append(bench.hold(1.0, 9.0).steps[0] >= 0.8 * top)
    return felt


@SAMPLED
def test_every_zone_reaches_its_cap(limits: Limits, zone: str, stimulus_class: str) -> None:
    assert reached(limits, zone, stimulus_class, 0.0) == [True] * len(STEPS)


@SAMPLED
def test_every_zone_comes_back_after_a_long_silence(
    limits: Limits, zone: str, stimulus_class: str
) -> None:
    assert reached(limits, zone, stimulus_class, 35.0) == [True] * len(STEPS)


def test_a_device_of_few_steps_leaves_zero_where_its_cap_allows_a_step(limits: Limits) -> None:
    for steps in (5, 6, 7, 9, 10, 15, 16, 31, 100):
        assert Bench(limits, mount("spine_lumbar", steps=steps)).hold(1.0, 8.0).steps[0] > 0


def test_every_zone_that_is_not_forbidden_takes_surface_vibration(limits: Limits) -> None:
    live = {zone for zone, stimulus_class in LIVE if stimulus_class == "surface_vibration"}
    assert live == {zone.id for zone in limits.zones.values() if not zone.forbidden}


def test_muscles_are_felt_while_the_joint_caps_hold(limits: Limits) -> None:
    rows = ["trapezius_upper", "paraspinal_thoracic", "paraspinal_thoracic", "paraspinal_lumbar"]
    spine = ["spine_thoracic", "spine_thoracic", "spine_thoracic", "spine_lumbar"]
    places = [zone for row, bone in zip(rows, spine, strict=True) for zone in (row, bone, row)]
    frame = Bench(limits, mount(*places, steps=100)).hold(1.0, 20.0)
    assert all(step >= 20 for step, place in zip(frame.steps, places, strict=True) if place in rows)
