"""What may be felt is felt: a governor that lets nothing through would pass every other test."""

import pytest

from devicehub.safety import limits as table
from devicehub.safety.allowance import step_below
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import Bench, mount

LIVE = [
    (zone.id, stimulus_class, steps)
    for zone in table.load().zones.values()
    for stimulus_class, caps in zone.caps.items()
    for steps in (3, 10, 15, 20, 100, 255)
    if step_below(caps.max_intensity, steps) > 0
]


@pytest.mark.parametrize(("zone", "stimulus_class", "steps"), LIVE)
def test_every_zone_reaches_its_cap(
    limits: Limits, zone: str, stimulus_class: str, steps: int
) -> None:
    bench = Bench(limits, mount(zone, stimulus_class=stimulus_class, steps=steps))
    cap = limits.caps(zone, stimulus_class).max_intensity
    assert bench.hold(1.0, 15.0).steps[0] >= 0.8 * step_below(cap, steps)


@pytest.mark.parametrize(("zone", "stimulus_class", "steps"), LIVE)
def test_every_zone_comes_back_after_a_long_silence(
    limits: Limits, zone: str, stimulus_class: str, steps: int
) -> None:
    bench = Bench(limits, mount(zone, stimulus_class=stimulus_class, steps=steps))
    bench.hold(0.0, 35.0)
    cap = limits.caps(zone, stimulus_class).max_intensity
    assert bench.hold(1.0, 15.0).steps[0] >= 0.8 * step_below(cap, steps)


def test_every_zone_that_is_not_forbidden_takes_surface_vibration(limits: Limits) -> None:
    live = {zone for zone, stimulus_class, _ in LIVE if stimulus_class == "surface_vibration"}
    assert live == {zone.id for zone in limits.zones.values() if not zone.forbidden}


def test_muscles_are_felt_while_the_joint_caps_hold(limits: Limits) -> None:
    rows = ["trapezius_upper", "paraspinal_thoracic", "paraspinal_thoracic", "paraspinal_lumbar"]
    spine = ["spine_thoracic", "spine_thoracic", "spine_thoracic", "spine_lumbar"]
    places = [zone for row, bone in zip(rows, spine, strict=True) for zone in (row, bone, row)]
    frame = Bench(limits, mount(*places, steps=100)).hold(1.0, 20.0)
    assert all(step >= 20 for step, place in zip(frame.steps, places, strict=True) if place in rows)
