"""The counter: what this user's shell asks of the service; junk is answered and changes nothing."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from devicehub.messages import SessionState
from devicehub.service.counter import Counter
from devicehub.session import sockets
from devicehub.session.listening import Listening
from tests.unit.service.hall import BED, SEAT, hall, state

JUNK: list[Any] = [
    {},
    {"op": None},
    {"op": ["stop"]},
    {"op": "dance"},
    {"op": "start", "devices": SEAT},
    {"op": "start", "devices": [7]},
    {"op": "start", "devices": [""]},
    {"op": "start", "minutes": "10"},
    {"op": "start", "minutes": 1e9},
    {"op": "start", "minutes": float("nan")},
    {"op": "start", "ceiling": 1.1},
    {"op": "start", "ceiling": True},
    {"op": "start", "profile": "steady", "speed": 9},
    {"op": "pause", "device": {}},
    {"op": "ceiling"},
    {"op": "ceiling", "level": -1},
    {"op": "ceiling", "level": "low"},
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("request_", JUNK, ids=str)
async def test_junk_is_answered_and_changes_nothing(request_: Any, tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        running = await here.plays()
        answer = await Counter(here.service).answer(request_)
        assert (answer["ok"], answer["code"]) == (False, "bad_request")
        assert answer["detail"]
        assert state(running) is SessionState.PLAYING


async def test_a_session_is_started_told_and_stopped_over_the_socket(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here, Listening(Counter(here.service).answer):
        began = await say(op="start", profile="steady", devices=["DEV-SEAT"])
        assert began["ok"]
        await asyncio.sleep(12.0)
        running = here.service.running[began["session"]]
        assert (await say(op="pause", device=SEAT))["ok"]
        await asyncio.sleep(1.0)
        assert state(running) is SessionState.PAUSED
        who = await say(op="who")
        assert (who["devices"], who["serves"], who["looked_for"]) == ([SEAT], [SEAT, BED], [])
        assert who["sessions"] == [running.id]
        assert [(now["title"], now["state"]) for now in who["plays"]] == [("Steady", "paused")]
        assert {"dev-seat", "dh-cape", "reference-cape"} <= set(who["names"])
        assert (await say(op="resume"))["ok"]
        assert (await say(op="ceiling", level=0.2))["ok"]
        assert (await say(op="present"))["ok"]
        assert (await say(op="stop", device="somebody else")) == {"devices": []}
        stopped = await say(op="stop", device="reference-cape")
        assert [(row["name"], row["confirmed"]) for row in stopped["devices"]] == [(SEAT, True)]
        assert here.still()
        assert (await say(op="pause"))["code"] == "not_playing"
        assert (await say(op="stop")) == {"devices": []}


async def test_what_a_session_would_not_take_is_refused_with_its_reason(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        running = await here.plays()
        counter = Counter(here.service)
        assert (await counter.answer({"op": "resume"}))["code"] == "not_paused"
        assert (await counter.answer({"op": "ceiling", "level": 0.5}))["ok"]
        await asyncio.sleep(1.0)
        higher = await counter.answer({"op": "ceiling", "level": 0.9})
        assert (higher["code"], higher["detail"]) == (
            "not_lower",
            "the ceiling is 50% already; from here it can only be lowered",
        )
        assert running.snapshot is not None
        assert running.snapshot.ceiling == 0.5


async def test_which_one_and_what_have_to_be_said(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        counter = Counter(here.service)
        answer = await counter.answer({"op": "start", "profile": "steady"})
        assert answer["detail"] == "which one? seat, bed"
        answer = await counter.answer({"op": "start", "devices": ["x"], "profile": "steady"})
        assert (answer["code"], answer["detail"]) == (
            "unknown_device",
            "x: is not served; those are: seat, bed",
        )
        answer = await counter.answer({"op": "start", "devices": [SEAT]})
        assert answer["detail"] == "say which profile; seat has none of its own"
        here.service.chosen[SEAT] = "steady"
        assert (await counter.answer({"op": "start", "devices": [SEAT]}))["ok"]
        assert (await counter.answer({"op": "start", "devices": [SEAT]}))["code"] == "busy"


async def test_stop_before_the_massagers_are_known_may_mean_any(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        here.here.device().power_off()
        await here.start()
        assert await Counter(here.service).answer({"op": "stop", "device": "its address"}) == {
            "devices": [],
            "unreached": [SEAT],
        }
        await here.over()
        assert here.said("session_ended") == ["stopped: socket"]


async def say(**request: object) -> Any:
    (path,) = sockets.found()
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(json.dumps(request).encode() + b"\n")
    answer = json.loads(await reader.readline())
    writer.close()
    return answer
