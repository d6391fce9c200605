"""Stop over a real broker: anything stops, at once, before anything else."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devicehub.outside import Vitals
from devicehub.publish import mqtt
from devicehub.publish.doorman import Clocks
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import (
    DEVICE,
    PROTOCOLS,
    ROOT,
    Stage,
    fresh,
    listener,
    publish_now,
    stage,
    until,
)
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.wallclock
both = pytest.mark.parametrize("protocol", PROTOCOLS)
LARGEST = 64 * 1024
JUNK = {
    "nothing": b"",
    "no JSON": b"{stop",
    "no UTF-8": b"\xff\xfe\xc3\x28",
    "another massager": b'{"device": "cape-9"}',
    "no massager": b'{"device": null}',
    "a number": b"0",
    "deep": b"[" * 60_000,
    "the largest": os.urandom(LARGEST),
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as running:
        yield running


async def stopped(show: Stage) -> None:
    """Wait until the session ended and its massager stands still."""
    await until(lambda: show.port.playing is not None and show.port.playing.done(), "plays on")
    assert show.here.still()


@both
async def test_whatever_is_said_is_a_stop_of_everything(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/reply", protocol=protocol) as guest,
        stage(tmp_path, here.url, protocol=protocol) as show,
    ):
        await until(lambda: show.port.leases, "the stop line does not stand")
        for payload in JUNK.values():
            await guest.send("cmd/stop", payload)
        await until(lambda: len(guest.about("reply")) == len(JUNK), "an answer is missing")
        answers = {(body["ok"], body["detail"]) for body in guest.about("reply")}
        assert show.port.stops == [None] * len(JUNK)
    assert answers == {(True, "stopping everything")}


@both
async def test_the_largest_junk_stops_the_motors(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/reply", protocol=protocol) as guest,
        stage(tmp_path, here.url, plays=True, protocol=protocol) as show,
    ):
        await show.until_moving()
        await until(lambda: show.port.leases, "the stop line does not stand")
        await guest.send("cmd/stop", os.urandom(LARGEST))
        await stopped(show)


@both
async def test_a_stop_names_one_massager_or_comes_for_the_whole_site(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/reply", protocol=protocol) as guest,
        stage(tmp_path, here.url, protocol=protocol) as show,
    ):
        await until(lambda: show.port.leases, "the stop line does not stand")
        named = await guest.ask("stop", device=DEVICE)
        await guest.send("cmd/stop", DEVICE.encode())
        await guest.send("devicehub/v1/home/all/cmd/stop")
        await until(lambda: len(show.port.stops) == 3, "not every stop came")
    assert named["detail"] == f"stopping {DEVICE}"
    assert show.port.stops[:3] == [DEVICE, DEVICE, None]


async def test_a_stop_is_never_taken_for_one_that_came_before(here: Broker, tmp_path: Path) -> None:
    command = fresh(device=DEVICE)
    async with (
        listener(here.port, f"{ROOT}/reply") as guest,
        stage(tmp_path, here.url) as show,
    ):
        await until(lambda: show.port.leases, "the stop line does not stand")
        for _ in range(3):
            await guest.send("cmd/stop", command)
        await until(lambda: len(show.port.stops) == 3, "a stop was left out")


async def test_a_stop_needs_no_clock(here: Broker, tmp_path: Path) -> None:
    clocks = Clocks(lambda: 0.0, time.monotonic)
    async with (
        listener(here.port, f"{ROOT}/reply") as guest,
        stage(tmp_path, here.url, plays=True, clocks=clocks) as show,
    ):
        await show.until_moving()
        await until(lambda: show.port.leases, "the stop line does not stand")
        await guest.send("cmd/stop", fresh())
        await stopped(show)


async def test_a_stop_that_was_sent_while_the_line_was_down_arrives_with_the_next_one(
    here: Broker, tmp_path: Path
) -> None:
    """MQTT 5: the broker keeps it for 30 s."""
    async with listener(here.port, f"{ROOT}/reply") as guest:
        folder = tmp_path / "before"
        folder.mkdir()
        async with stage(folder, here.url, protocol="5") as show:
            await until(lambda: show.port.leases, "the stop line does not stand")
        await guest.send("cmd/stop", b"")
        async with stage(tmp_path, here.url, protocol="5") as show:
            await until(lambda: show.port.stops, "the stop was lost")


async def test_a_retained_stop_stops_and_is_told(here: Broker, tmp_path: Path) -> None:
    """Somebody left it there: it stops whatever plays when the line comes back, so say so."""
    async with listener(here.port, f"{ROOT}/#") as guest:
        await guest.send("cmd/stop", b"", retain=False)
        await guest.send("cmd/stop", b"x", retain=True)
        async with stage(tmp_path, here.url, protocol="3.1.1") as show:
            await until(lambda: show.port.stops, "no stop")
            alerts = await guest.until_said("alert")
            await until(
                lambda: (
                    [a["kind"] for a in guest.about("alert")[-1]["alerts"]] == ["retained_stop"]
                ),
                str(alerts),
            )


@both
@pytest.mark.parametrize("flood", [2_000, pytest.param(5_000, marks=pytest.mark.thorough)])
async def test_a_stop_passes_a_flood_of_commands(
    flood: int, protocol: str, here: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is acted on while most of what was sent before it still waits: it has its own line."""
    monkeypatch.setattr(mqtt, "ANSWER_S", PATIENCE_S)  # our loop stands still while others publish
    stop = (f"{ROOT}/cmd/stop", b"stop")
    async with stage(tmp_path, here.url, plays=True, protocol=protocol) as show:
        await show.until_moving()
        await until(lambda: show.port.leases, "the stop line does not stand")
        heard_at: list[int] = []
        show.port.on_stop = lambda: heard_at.append(show.publisher.commands)
        publish_now(here.port, *[(f"{ROOT}/cmd/ceiling", b"junk" * 20)] * flood, stop)
        await stopped(show)
        await until(lambda: show.publisher.commands > flood // 2, "the flood does not come")
    assert heard_at[0] < flood // 2


async def test_a_mistake_in_what_is_told_keeps_no_stop_away(here: Broker, tmp_path: Path) -> None:
    def stumble() -> Vitals:
        raise ZeroDivisionError

    async def stopped_all_the_same() -> None:
        async with (
            listener(here.port, f"{ROOT}/reply") as guest,
            stage(tmp_path, here.url, plays=True) as show,
        ):
            show.port.vitals = stumble
            await show.until_moving()
            await until(lambda: any("a mistake" in note for note in show.notes), "not told")
            await until(lambda: show.port.leases, "the stop line does not stand")
            await guest.send("cmd/stop", b"")
            await stopped(show)

    with pytest.raises(ExceptionGroup) as told:
        await stopped_all_the_same()
    assert told.group_contains(ZeroDivisionError)
