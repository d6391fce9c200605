"""A handheld of a service that cues take from place to place: who is asked, and who confirms."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.cli.serve_ground import ServeGround
from devicehub.messages import SessionState
from devicehub.outside import Moved, Resume
from devicehub.publish import states, wire_session
from devicehub.publish.states import Head
from devicehub.service.counter import Counter
from devicehub.service.ground import Order, Place
from tests.unit.service.hall import Hall, hall, now, state

WAND = "wand"
LOW = ("paraspinal_lumbar",)
FIRST = "first move wand to beside the lumbar spine, then say so: devicehub tell moved"


@pytest.fixture
async def led(tmp_path: Path) -> AsyncIterator[Hall]:
    """A service on which a handheld waits to be moved to its first place."""
    async with hall(tmp_path, WAND, guided=True) as here:
        assert (await here.start(WAND)).ok
        await asyncio.sleep(3.0)
        yield here


def told(here: Hall) -> wire_session.Session:
    (session,) = here.desk.sessions()
    (card,) = here.desk.cards()
    payloads = dict(states.of_device(Head(0.0, "0badcafe"), card, session, 1))
    payload = payloads["session"]
    assert isinstance(payload, wire_session.Session)
    return payload


async def test_where_it_has_to_be_moved_is_told_outside(led: Hall) -> None:
    assert (told(led).state, told(led).move_to) == (SessionState.PAUSED, LOW)
    who = await Counter(led.service).answer({"op": "who"})
    assert who["plays"] == [
        {
            "title": "Steady",
            "state": "paused",
            "left_s": 120.0,
            "asks": "move wand to beside the lumbar spine, then say so",
            "places": {WAND: LOW},
        }
    ]


async def test_going_on_is_refused_with_what_is_waited_for(led: Hall) -> None:
    answer = await Counter(led.service).answer({"op": "resume"})
    assert (answer["ok"], answer["code"], answer["detail"]) == (False, "refused", FIRST)
    asked = await led.desk.ask(Resume(WAND), "test")
    assert (asked.code, asked.detail) == ("refused", FIRST)
    await asyncio.sleep(5.0)
    assert led.still(WAND)


@pytest.mark.parametrize("from_afar", [False, True])
async def test_it_plays_once_somebody_says_that_it_is_there(from_afar: bool, led: Hall) -> None:
    if from_afar:
        assert (await led.desk.ask(Moved(WAND), "test")).ok
    else:
        assert (await Counter(led.service).answer({"op": "moved"}))["ok"]
    await asyncio.sleep(12.0)
    running = led.service.session_of(WAND)
    assert running is not None
    assert state(running) is SessionState.PLAYING
    assert not led.still(WAND)
    assert (told(led).move_to, now(running).places) == ((), ())
    again = await Counter(led.service).answer({"op": "moved"})
    assert (again["code"], again["detail"]) == ("refused", "it is playing; nothing has to be moved")


def test_a_handheld_without_a_zone_is_led_and_one_with_a_zone_stays() -> None:
    ground = ServeGround(None, {}, b"secret")
    place = Place(WAND, "sim:lovense-domi", near=True)
    assert ground.check(Order((place,), "handheld-lumbar")).guided
    held = Place(WAND, "sim:lovense-domi", zone="rhomboid", near=True)
    assert ground.check(Order((held,), "handheld-lumbar")).zones == {WAND: "rhomboid"}
