"""The broker comes and goes, hangs, forgets everything: the session does not feel it."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from devicehub.messages import Event
from devicehub.publish import publisher
from devicehub.session.loop import BEAT_S
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import (
    DEVICE,
    HUB,
    PROTOCOLS,
    ROOT,
    Said,
    Stage,
    listener,
    metronome,
    read_by_a_process,
    retained,
    stage,
    until,
)
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.wallclock
both = pytest.mark.parametrize("protocol", PROTOCOLS)
NOTICED_S = 5.0


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as running:
        yield running


@both
async def test_whoever_comes_late_reads_everything_and_no_old_alarm(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as early,
        stage(tmp_path, here.url, plays=True, protocol=protocol) as show,
    ):
        await show.until_moving()
        await early.until_said(f"device/{DEVICE}/session", state="playing")
        await early.until_said("health")  # the last of what is told first
        async with listener(here.port, f"{ROOT}/#", protocol=protocol) as late:
            await late.caught_up()
            kept = retained(late.heard)
    assert sorted(kept) == [
        "alert",
        "availability",
        f"device/{DEVICE}/availability",
        f"device/{DEVICE}/info",
        f"device/{DEVICE}/session",
        f"device/{DEVICE}/timeline",
        "health",
        "info",
    ]
    assert [m.topic for m in early.heard if m.retained] == []


@both
async def test_whoever_sees_online_can_read_the_rest(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#", protocol=protocol) as desk,
        stage(tmp_path, here.url, plays=True, protocol=protocol),
    ):
        await desk.until_said("availability", state="online")
        before = [m.topic.removeprefix(f"{ROOT}/") for m in desk.heard]
        before = before[: before.index("availability")]
    assert {"info", "alert", f"device/{DEVICE}/session"} <= set(before)
    assert [topic for topic in before if topic.startswith("event/")] == []


@both
async def test_a_hub_says_good_bye_after_all_that_happened(
    protocol: str, here: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "FAREWELL_S", PATIENCE_S)
    async with listener(here.port, f"{ROOT}/#", protocol=protocol) as desk:
        async with stage(tmp_path, here.url, plays=True, protocol=protocol) as show:
            await show.until_moving()
            show.port.stop(None, "test")
            await until(lambda: show.port.playing and show.port.playing.done(), "plays on")
        await desk.until_said("availability", state="offline")
        ended = await desk.until_said(f"device/{DEVICE}/session", state="ended")
        events = [event["kind"] for event in desk.events()]
        topics = [m.topic for m in desk.heard]
    assert ended["end"]["stop_confirmed"]
    assert not ended["may_be_running"]
    assert events[-1] == "session_ended"
    assert topics[-1] == f"{ROOT}/availability"


@both
async def test_a_broker_that_forgets_everything_in_mid_session_loses_nothing(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    """It is killed while events happen: none is lost, none comes twice, all are in order.

    The core loop beats on as a metronome does that knows of no broker. Of a machine that stands
    still for a moment one may make a beat where the other makes two; a loop that waited for a
    broker would make none.
    """
    made = 0
    async with (
        stage(tmp_path, here.url, plays=True, protocol=protocol) as show,
        metronome() as ticks,
    ):
        await show.until_moving()
        beats = show.port.count_beats()
        await until(lambda: show.publisher.online, "not online")

        async def happens(times: int) -> None:
            nonlocal made
            for _ in range(times):
                made += 1
                show.port.hear(Event(float(made), "phase", detail=str(made)))
                await asyncio.sleep(0.01)

        async with listener(here.port, f"{ROOT}/#", protocol=protocol) as before:
            await happens(20)
            # What the broker has taken and not handed on dies with it: `cmd/replay` is for that.
            await until(lambda: _details(before.heard)[-1:] == [str(made)], "not heard")
            await until(lambda: not len(show.publisher.board.outbox), "events wait")
            here.kill()
        begun = (beats(), ticks())
        await happens(50)
        ended = (beats(), ticks())
        here.start()
        with read_by_a_process(here, tmp_path / "after.txt") as after:
            await happens(20)
            await until(lambda: not len(show.publisher.board.outbox), "events wait")
            await until(lambda: _details(after())[-1:] == [str(made)], "not all")
            kept = {m.topic for m in after()}
            late = [m.body["hist"] for m in after() if "/event/" in m.topic]
    assert _details(before.heard) + _details(after()) == [str(n) for n in range(1, made + 1)]
    assert {f"{ROOT}/device/{DEVICE}/session", f"{ROOT}/availability", f"{ROOT}/info"} <= kept
    assert late[0] is True
    assert 2 * (ended[0] - begun[0]) >= ended[1] - begun[1] > 1


def _details(said: Sequence[Said]) -> list[str]:
    """Return the numbers of what happened, in order."""
    events = [m.body for m in said if "/event/" in m.topic]
    return [event["detail"] for event in events if event["detail"].isdecimal()]


@both
async def test_a_broker_that_hangs_is_noticed(protocol: str, here: Broker, tmp_path: Path) -> None:
    """Within five seconds of a metronome's, which does not count when the machine stood still."""
    async with (
        stage(tmp_path, here.url, plays=True, protocol=protocol) as show,
        metronome() as ticks,
    ):
        await until(lambda: show.publisher.online and show.port.leases, "not online")
        leases = show.port.leases
        here.suspend()
        began = ticks()
        await until(lambda: not show.publisher.online, "nobody noticed")
        took = ticks() - began
        assert show.port.leases <= leases + 1  # one may have been on its way
        leases = show.port.leases
        here.go_on()
        await until(lambda: show.publisher.online and show.port.leases > leases, "not back")
        async with listener(here.port, f"{ROOT}/#", protocol=protocol) as desk:
            await until(
                lambda: any(
                    said["state"] == "online" and said["conn"] > 1
                    for said in desk.about("availability")
                ),
                "the new line is not told",
            )
    assert took * BEAT_S < NOTICED_S
    assert any("lost" in note for note in show.notes)


@both
async def test_two_hubs_of_one_id_do_not_fight(protocol: str, here: Broker, tmp_path: Path) -> None:
    """One of them leaves the id to the other; which one is a matter of who came between whom."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    async with (
        stage(tmp_path / "one", here.url, protocol=protocol) as one,
        stage(tmp_path / "other", here.url, protocol=protocol, boot="0badf00d") as other,
    ):
        hubs = (one, other)

        def left() -> list[Stage]:
            return [hub for hub in hubs if any("taken" in note for note in hub.notes)]

        await until(left, "neither noticed")
        await until(lambda: sum(hub.publisher.online for hub in hubs) == 1, "neither is online")
        first = left()[0]
        await until(lambda: len(left()) > 1 or not first.publisher.online, "it does not leave it")


async def test_what_others_say_of_us_is_put_right(here: Broker, tmp_path: Path) -> None:
    async with (
        listener(here.port, f"{ROOT}/availability") as desk,
        stage(tmp_path, here.url) as _,
    ):
        online = await desk.until_said("availability", state="online")
        await desk.send("availability", online | {"state": "lost", "conn": 0}, retain=True)
        await until(
            lambda: [b["state"] for b in desk.about("availability")][-2:] == ["lost", "online"],
            "it was not put right",
        )


@both
async def test_an_outbox_that_overflows_drops_what_matters_least_and_counts(
    protocol: str, here: Broker, tmp_path: Path
) -> None:
    here.kill()
    async with stage(tmp_path, here.url, protocol=protocol, health_s=1.0) as show:
        show.publisher.board.outbox.limit = 200
        for n in range(210):
            show.port.hear(Event(float(n), "lost" if n % 10 == 0 else "phase", detail=str(n)))
        here.start()
        with read_by_a_process(here, tmp_path / "after.txt") as after:

            def healths() -> list[dict[str, Any]]:
                said = [m.body for m in after() if m.topic == f"{ROOT}/health"]
                return [body for body in said if body["outbox"] == 0]

            await until(healths, "events wait")
            health = healths()[0]
            seqs = [m.body["seq"] for m in after() if "/event/" in m.topic]
    critical = [n + 1 for n in range(0, 210, 10)]
    assert health["dropped"] == {"info": 10, "warning": 0}
    assert len(seqs) == 200
    assert seqs == sorted(seqs)
    assert set(critical) <= set(seqs)
    assert show.port.since(0)[0].seq == 1
    assert HUB in ROOT
