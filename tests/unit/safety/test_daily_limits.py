"""What the table says of days, of presence, of more, and of what can only be switched."""

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from devicehub.safety.limits import Limits, LimitsError, parse

TEXT = resources.files("devicehub.safety").joinpath("zones.json").read_text(encoding="utf-8")


def test_the_day_is_read_with_its_numbers(limits: Limits) -> None:
    day = limits.daily
    assert (day.max_active_s, day.reservation_s) == (2700.0, 10.0)
    assert (day.hand_arm.most_s, day.whole_body.most_s) == (1800.0, 7200.0)
    assert day.hand_arm.classes == ("handheld_vibration", "percussive")
    assert day.whole_body.classes == ("surface_vibration", "diffuse_vibration")


def test_one_that_was_measured_counts_by_the_square(limits: Limits) -> None:
    weight = limits.daily.weight
    assert weight("percussive", None) == weight("diffuse_vibration", None) == 1.0
    assert weight("percussive", 20.0) == 4.0
    assert weight("surface_vibration", 0.5) == 0.25
    assert weight("rotating_nodes", 20.0) == 1.0


def test_the_rest_is_read_with_its_numbers(limits: Limits) -> None:
    session, switched = limits.session, limits.on_off
    assert session.presence_grace_s == 15.0
    assert list(session.presence_check_s.values()) == [300.0, 180.0, 90.0, 300.0, 600.0]
    more = session.habituation
    assert (more.window_s, more.raise_step, more.raise_every_s) == (300.0, 0.05, 60.0)
    assert (switched.min_cap, switched.max_on_s, switched.min_off_s) == (0.5, 10.0, 5.0)
    assert switched.never == ("percussive",)


@pytest.mark.parametrize(("most_s", "planned_s"), [(None, 1800.0), (900.0, 900.0), (9e9, 1800.0)])
def test_a_session_of_a_person_is_never_longer(
    limits: Limits, most_s: float | None, planned_s: float
) -> None:
    session = limits.session.within(most_s)
    assert session.max_total_s == session.planned_s(None) == session.planned_s(1e6) == planned_s


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no day": (lambda t: t.pop("daily"), "daily is missing"),
    "no reservation": (
        lambda t: t["daily"].update(reservation_s=0),
        r"daily\.reservation_s is 0: must be above 0",
    ),
    "no hand": (
        lambda t: t["daily"]["hand_arm"].update(assumed_m_s2=0),
        r"daily\.hand_arm\.assumed_m_s2 is 0",
    ),
    "a hand that holds nothing known": (
        lambda t: t["daily"]["hand_arm"].update(classes=["hammer"]),
        r"daily\.hand_arm\.classes is 'hammer': must be a list out of surface_vibration",
    ),
    "switches a class that is not known": (
        lambda t: t["device_rules"]["no_intensity_control"].update(never=["hammer"]),
        r"no_intensity_control\.never is 'hammer'",
    ),
    "switches too much": (
        lambda t: t["device_rules"]["no_intensity_control"].update(min_cap=1.1),
        "min_cap is 1.1: must be finite and from 0 to 1",
    ),
    "nobody is asked": (
        lambda t: t["session"]["presence_check_s"].pop("percussive"),
        r"presence_check_s\.percussive is missing",
    ),
    "a class that is not known is asked": (
        lambda t: t["session"]["presence_check_s"].update(hammer=1),
        "hammer is 1: must be one of the keys",
    ),
    "no grace": (lambda t: t["session"].update(presence_grace_s=0), "presence_grace_s is 0"),
    "more at once": (
        lambda t: t["session"]["habituation"].update(raise_step=0),
        r"session\.habituation\.raise_step is 0",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_table_is_named_with_its_place(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    table = json.loads(TEXT)
    change(table)
    with pytest.raises(LimitsError, match=message) as caught:
        parse(json.dumps(table), "zones.json")
    assert str(caught.value).startswith("zones.json: ")
