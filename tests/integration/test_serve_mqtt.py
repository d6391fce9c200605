"""The service at a real broker: started, steered, stopped from afar; broker and hub come and go."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import pytest

from devicehub.publish.freshness import LONGEST_TTL_S
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import HUB, Listener, fresh, listener, stamp
from tests.integration.processes import ADVERTISED, CAPE, TRACEBACK, Home, ended, home
from tests.patience import PATIENCE_S
from tests.patience import until_then as until

pytestmark = pytest.mark.wallclock

SEAT = "seat"
SESSION = f"device/{SEAT}/session"


@pytest.fixture
def at(tmp_path: Path) -> Generator[Broker]:
    with broker(tmp_path) as running:
        yield running


@pytest.fixture
def house() -> Generator[Home]:
    with home() as there, there.simulator(CAPE):
        yield there


@contextmanager
def serving(house: Home, at: Broker, **keys: str) -> Generator["subprocess.Popen[str]"]:
    """Serve the seat, and let others start sessions on it."""
    mqtt = {"REMOTE_START": "true"} | keys
    settings = {f"DEVICEHUB_MQTT__{key}": value for key, value in mqtt.items()}
    words = ["--device", f"{SEAT}={ADVERTISED[CAPE]}", "--air", house.air, "--mqtt", at.url]
    with ended(
        subprocess.Popen(
            [sys.executable, "-m", "devicehub", "serve", *words],
            env=house.env | settings | {"DEVICEHUB_HUB__ID": HUB},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    ) as process:
        yield process


async def said(desk: Listener, path: str, **keys: object) -> dict[str, Any]:
    """Wait until a topic of the hub says these keys; return the whole of it."""

    def found() -> list[dict[str, Any]]:
        return [body for body in desk.about(path) if body.items() >= keys.items()]

    await until(found, f"{path} never said {keys}")
    return found()[-1]


def names(desk: Listener) -> list[str]:
    """Return what happened, as far as it was told without a gap, in order."""
    told = {event["seq"]: event["kind"] for event in desk.events()}
    return [told[seq] for seq in takewhile(told.__contains__, count(1))]


def just_now(**keys: object) -> dict[str, object]:
    """Return a command that was made just now, and holds as long as one may."""
    at_s = time.time()  # noqa: TID251 - what a command's freshness is about
    return fresh(**keys, ts=stamp(at_s), ttl_s=LONGEST_TTL_S)


async def started(desk: Listener, house: Home) -> str:
    """Start a session from afar and wait until it moves; return its id."""
    await said(desk, "availability", state="online")
    wanted = just_now(device=SEAT, profile="whole-back", person="mannequin", ceiling=0.5)
    answer = await desk.ask("start", **wanted)
    assert answer["code"] == "ok", answer
    await until(lambda: house.moving(CAPE), "nothing moves")
    return str(answer["session"])


async def test_a_session_is_started_steered_and_stopped_from_afar_whatever_the_broker_does(
    house: Home, at: Broker
) -> None:
    with serving(house, at) as hub:
        async with listener(at.port) as desk:
            session = await started(desk, house)
            now = await said(desk, SESSION, state="playing")
            assert (now["session"], now["origin"], now["profile"]) == (
                session,
                "remote",
                "whole-back",
            )
            again = just_now(device=SEAT, profile="taster", person="mannequin")
            assert (await desk.ask("start", **again))["code"] == "busy"
            assert (await desk.ask("pause"))["code"] == "ok"
            await said(desk, SESSION, state="paused")
            await until(lambda: not house.moving(CAPE), "it moves")
        at.kill()
        at.start()
        async with listener(at.port) as desk:
            now = await said(desk, SESSION, state="paused")
            assert now["session"] == session
            assert (await desk.ask("resume", **just_now(device=SEAT)))["code"] == "ok"
            await until(lambda: house.moving(CAPE), "nothing moves")
            lower = await desk.ask("ceiling", device=SEAT, level=0.2)
            assert lower["code"] == "ok"
            await desk.send("cmd/stop", b"\xff\x00 anything")
            await said(desk, SESSION, state="ended")
            assert not house.moving(CAPE)
            assert (await desk.ask("replay", from_seq=1))["code"] == "ok"
            await until(lambda: names(desk)[-1:] == ["session_ended"], "the end is not told")
            hub.terminate()
            await said(desk, "availability", state="offline")
            told = names(desk)
        _, err = hub.communicate(timeout=PATIENCE_S)
    assert hub.returncode == 0, err
    assert TRACEBACK not in err
    assert told[0] == "session_started"
    assert {"connected", "started", "paused", "resumed", "lowered"} <= set(told)


async def test_a_hub_that_is_killed_is_told_lost_and_leaves_every_motor_at_rest(
    house: Home, at: Broker
) -> None:
    with serving(house, at, PROTOCOL="3.1.1") as hub:
        async with listener(at.port, protocol="3.1.1") as desk:
            await started(desk, house)
            hub.kill()
            await until(lambda: not house.moving(CAPE), "it moves")
            await said(desk, "availability", state="lost")
        hub.communicate(timeout=PATIENCE_S)
    await until(lambda: house.standing() == [], "its keeper has not confirmed")
