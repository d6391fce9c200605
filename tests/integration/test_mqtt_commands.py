"""Commands over a real broker: who may move motors, who may not, and what they are told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from devicehub.outside import LowerCeiling, Pause, Present, Start
from devicehub.publish.doorman import Clocks
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import (
    DEVICE,
    NOW_S,
    PROTOCOLS,
    ROOT,
    START,
    fresh,
    listener,
    stage,
    stamp,
    until,
)

pytestmark = pytest.mark.wallclock
both = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Broker]:
    """A broker of its own, which takes a twentieth of a second: nothing is retained from before."""
    with broker(tmp_path) as running:
        yield running


@both
async def test_a_fresh_start_starts_where_it_is_allowed(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, remote_start=True) as show,
    ):
        await desk.until_said("availability", state="online")
        answer = await desk.ask("start", **fresh(**START, ceiling=0.5))
        assert answer["code"] == "ok"
        await show.until_moving()
        await desk.until_said(f"device/{DEVICE}/session", state="playing")
    assert show.port.wishes == [
        Start(DEVICE, "steady", "person-1", minutes=None, ceiling=0.5, leased=True)
    ]


@both
async def test_no_start_that_may_be_old_doubled_or_unwanted_moves_a_motor(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    old, ahead = stamp(NOW_S - 60.0), stamp(NOW_S + 60.0)
    lies = [
        ("stale", fresh(**START) | {"ts": old}),
        ("stale", fresh(**START) | {"ts": ahead}),
        ("invalid", {key: value for key, value in fresh(**START).items() if key != "ts"}),
        ("invalid", {key: value for key, value in fresh(**START).items() if key != "ttl_s"}),
        ("invalid", fresh(**START) | {"ttl_s": 11.0}),
        ("invalid", fresh(**START) | {"ceilling": 0.2}),
        ("invalid", fresh(**START) | {"ceiling": 1.5}),
        ("invalid", {key: value for key, value in fresh(**START).items() if key != "person"}),
        ("too_large", fresh(**START) | {"by": "x" * 9000}),
    ]
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, remote_start=True) as show,
    ):
        await desk.until_said("availability", state="online")
        answers = [(await desk.ask("start", **keys))["code"] for _, keys in lies]
    assert answers == [code for code, _ in lies]
    assert show.port.wishes == []
    assert not show.moved


async def test_a_retained_start_moves_nothing_when_the_hub_comes(
    here: Broker, tmp_path: Path
) -> None:
    """MQTT 5 does not even deliver it; 3.1.1 does, and it is refused."""
    start = fresh(**START)
    async with listener(here.port, f"{ROOT}/#") as desk:
        await desk.send("cmd/start", start, retain=True)
        try:
            for protocol in PROTOCOLS:
                folder = tmp_path / protocol.replace(".", "")
                folder.mkdir()
                async with stage(folder, here.url, protocol=protocol, remote_start=True) as show:
                    await desk.until_said("health", protocol=protocol)
                    if protocol == "3.1.1":
                        answer = await desk.answer(str(start["id"]))
                        assert answer["code"] == "retained"
                assert show.port.wishes == []
                assert not show.moved
        finally:
            await desk.send("cmd/start", b"", retain=True)


@both
async def test_one_id_starts_once(protocol: str, here: Broker, tmp_path: Path) -> None:
    command = fresh(**START)
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, remote_start=True) as show,
    ):
        await desk.until_said("availability", state="online")
        await desk.send("cmd/start", command)
        await desk.send("cmd/start", command)
        codes = [(await desk.answer(str(command["id"]), nth))["code"] for nth in (0, 1)]
    assert sorted(codes) == ["duplicate", "ok"]
    assert len(show.port.wishes) == 1


@both
async def test_what_could_move_motors_is_off_unless_this_hub_allows_it(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol) as show,
    ):
        assert (await desk.until_said("info"))["remote_start"] is False
        await desk.until_said("availability", state="online")
        for command in ("start", "resume", "select"):
            answer = await desk.ask(command, **fresh(**START))
            assert (answer["ok"], answer["code"]) == (False, "disabled")
            assert "remote_start is off" in answer["detail"]
    assert show.port.wishes == []
    assert not show.moved


async def test_a_hub_that_doubts_its_clock_starts_nothing_and_still_stops(
    here: Broker, tmp_path: Path
) -> None:
    stepped = [0.0]
    clocks = Clocks(lambda: NOW_S + stepped[0], lambda: 0.0)
    async with (
        listener(here.port, f"{ROOT}/#") as desk,
        stage(tmp_path, here.url, plays=True, clocks=clocks, remote_start=True) as show,
    ):
        await desk.until_said("availability", state="online")
        assert (await desk.ask("present", **fresh()))["code"] in ("ok", "not_playing")
        stepped[0] = 3600.0
        answer = await desk.ask("start", **fresh(**START))
        assert answer["code"] == "clock"
        await desk.send("cmd/stop", b"")
        await until(lambda: show.port.stops, "no stop")
    assert not any(isinstance(wish, Start) for wish in show.port.wishes)


@both
async def test_a_session_is_paused_softened_and_answered_for_from_afar(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, plays=True) as show,
    ):
        await desk.until_said(f"device/{DEVICE}/session", state="playing")
        assert (await desk.ask("ceiling", device=DEVICE, level=0.25))["code"] == "ok"
        await desk.until_said(f"device/{DEVICE}/session", ceiling=0.25)
        assert (await desk.ask("ceiling", device=DEVICE, level=0.5))["code"] == "not_lower"
        assert (await desk.ask("ceiling", device="cape-9", level=0.1))["code"] == "unknown_device"
        assert (await desk.ask("present", **fresh(device=DEVICE)))["code"] == "ok"
        late = {"ts": "2026-01-02T03:04:05Z", "ttl_s": 1.0}
        assert (await desk.ask("pause", **late))["code"] == "ok"
        await desk.until_said(f"device/{DEVICE}/session", state="paused")
        await until(show.here.still, "it moves")
    assert show.port.wishes == [
        LowerCeiling(DEVICE, 0.25),
        LowerCeiling(DEVICE, 0.5),
        LowerCeiling("cape-9", 0.1),
        Present(DEVICE),
        Pause(None),
    ]


async def test_an_answer_goes_where_the_asker_may_have_it(here: Broker, tmp_path: Path) -> None:
    mine, forbidden = "devicehub/v1/home/desk/reply", "devicehub/v1/home/hub-2/cmd/stop"
    async with listener(here.port) as desk, stage(tmp_path, here.url):
        await desk.until_said("availability", state="online")
        await desk.send("cmd/pause", {"id": "a"}, ResponseTopic=mine, CorrelationData=b"\x00\xff")
        await until(lambda: any(m.topic == mine for m in desk.heard), "no answer")
        (answer,) = [m for m in desk.heard if m.topic == mine]
        await desk.send("cmd/pause", {"id": "b"}, ResponseTopic=forbidden)
        await desk.answer("b")
        assert [m for m in desk.heard if m.topic == forbidden] == []
    assert (answer.body["id"], answer.correlation) == ("a", b"\x00\xff")


@both
async def test_events_are_sent_again_to_whoever_missed_some(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, plays=True),
    ):
        await desk.until_said(f"device/{DEVICE}/session", state="playing")
        await until(lambda: len(desk.events()) >= 4, "no events")
        assert (await desk.ask("replay", from_seq=2))["ok"]

        def again() -> list[int]:
            return [event["seq"] for event in desk.events()[4:] if event["hist"]]

        await until(lambda: again()[2:], "no replay")
        assert [event["seq"] for event in desk.events()[:4]] == [1, 2, 3, 4]
        assert again()[:3] == [2, 3, 4]
        before = len(desk.about("info"))
        assert (await desk.ask("republish"))["ok"]
        await until(lambda: len(desk.about("info")) > before, "nothing was published again")


@both
async def test_a_flood_of_junk_is_refused_and_changes_nothing(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    junk = [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"a":' * 2000, b'{"level":NaN}', b"9" * 8000]
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, protocol=protocol, remote_start=True) as show,
    ):
        await desk.until_said("availability", state="online")
        for payload in junk:
            for command in ("start", "ceiling", "present", "resume", "select", "replay"):
                await desk.send(f"cmd/{command}", payload)
        answer = await desk.ask("pause")
        await asyncio.sleep(0)
        codes = {body["code"] for body in desk.about("reply")[:-1]}
    assert answer["code"] == "not_playing"
    assert codes == {"invalid", "too_large"}
    assert show.port.wishes == [Pause(None)]
