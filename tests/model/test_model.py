"""The design of stopping, explored to its end; and what each of its protections is for.

`pytest -s tests/model` prints the way to harm without each of them.
"""

from dataclasses import fields, replace

import pytest

from tests.model.explore import explore
from tests.model.world import Design, is_alarmed, is_commanded

pytestmark = pytest.mark.exhaustive  # the model is no shipped code

# Two ticks to notice, two to try, and one in which it is told.
BEARABLE_TICKS = 5
FAR_TOO_LONG_TICKS = 3 * BEARABLE_TICKS

# What has to happen so that the one that is left out is missed.
MISSED_WHEN = {
    "keeper": "the hub is killed",
    "hub_watches_keeper": "the keeper is killed",
    "frames_expire": "the hub's loop stands still",
    "stop_first": "a person connects the massager",
    "stop_wants_an_answer": "the massager goes out of range",
    "resumes_only_when_asked": "the massager goes out of range",
    "alarm_from_state": "the massager hangs",
    "standing_stop": "the keeper is killed",
    "keeper_takes_over": "the hub's loop stands still",
}


def test_no_motor_moves_for_long_without_somebody_who_commands_it_or_an_alarm() -> None:
    found = explore(Design(), BEARABLE_TICKS)
    assert found.trace == (), f"\n{found}"


def test_the_design_is_not_safe_because_it_is_dead() -> None:
    design, worlds = Design(), explore(Design(), BEARABLE_TICKS).worlds
    assert len(worlds) > 1000
    assert any(world.motor and is_commanded(design, world) for world in worlds)
    assert any(world.motor and is_alarmed(design, world) for world in worlds)
    assert any(not world.motor and world.session == "paused" for world in worlds)


def test_the_time_that_is_borne_is_not_longer_than_it_has_to_be() -> None:
    assert explore(Design(), BEARABLE_TICKS - 1).trace


@pytest.mark.parametrize("protection", [field.name for field in fields(Design)])
def test_every_protection_is_needed(protection: str) -> None:
    found = explore(replace(Design(), **{protection: False}), FAR_TOO_LONG_TICKS)
    print(f"\nWithout {protection}:\n{found}")  # noqa: T201 - for whoever asks with -s
    assert found.trace
    assert MISSED_WHEN[protection] in str(found)
