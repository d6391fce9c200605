"""`devicehub drill`: the hidden command behind `doctor --stop-test`; one session on a bench.

A session like any other, with governor and keeper, at the lowest step of the massager: bursts of
less than half a second, each ended by a stop whose way is timed. Then it moves once more and says
so, for the doctor to cut its link. Speaks JSON lines; whoever reads them may end this process at
any time.
"""

import asyncio
import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from devicehub.cli.output import Output
from devicehub.cli.request import Request
from devicehub.errors import SafetyRefusal
from devicehub.hub import Hub
from devicehub.massagers.model import Massager
from devicehub.massagers.own import known_massagers
from devicehub.messages import Command, CommandKind, Event, Snapshot, Summary
from devicehub.safety.limits import Limits
from devicehub.safety.limits import load as load_limits

# A burst is at most half a second: from the first frame that moves something to the stop, one beat
# and the stop's own way included.
BURST_S = 0.3
# A soft start from 0 to the lowest step takes a second or two; then something is wrong.
MOTION_TIMEOUT_S = 15.0
CONNECT_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 8.0
POLL_S = 0.002
# Bursts follow each other: a drill is for measuring, not for playing.
STOPS_AT_MOST = 5
# So long it moves for a link to be cut; then it is stopped like after any burst.
CUT_S = 0.4
# Between the lowest step and the next, so that rounding never takes the next.
_BELOW_NEXT = 1.5

STILL = (
    f"it did not move within {MOTION_TIMEOUT_S:.0f} s at its lowest step, so nothing was measured. "
    "A person whose answers halve the caps, or a table of limits that is tighter, can hold it back"
)

_PROFILE = """
title = "Stop test"
summary = "The lowest step, off the body."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = ["{zone}"]
minutes = 5
level = {level:.4f}
"""


@click.command(hidden=True)
@click.argument("profile")
@click.argument("device")
@click.argument("model")
@click.option("--air", "address", default=None)
@click.option("--person", default=None)
@click.option("--times", type=click.IntRange(1, STOPS_AT_MOST), default=STOPS_AT_MOST)
def drill(
    *,
    profile: str,
    device: str,
    model: str,
    address: str | None,
    person: str | None,
    times: int,
) -> int:
    """Move MODEL, called DEVICE, in bursts and time its stops; for `doctor --stop-test`."""
    from devicehub.cli import playing  # noqa: PLC0415 - asyncio and bleak load only to play

    request = request_for(profile, device, known_massagers()[model], address, person)
    plan = request.checked_plan()
    return playing.run(request, plan, lambda _request, _zone: watching(times, model))


def request_for(
    profile: str, device: str, massager: Massager, address: str | None, person: str | None
) -> Request:
    """Return the session of a drill: one massager, and a ceiling below its second step."""
    return Request(
        profile=profile,
        devices=(device,),
        zones=(_zone(massager, load_limits()),) if massager.needs_zone else (),
        person=person,
        ceiling=min(1.0, _BELOW_NEXT / max(massager.steps)),
        minutes=None,
        speed=None,
        virtual=False,
        address=address,
        tape=None,
        as_json=True,
        on_bench=True,
    )


def write_profile(folder: Path, model: str) -> Path:
    """Write what a drill plays on `model` into `folder`: its lowest step, and nothing else.

    Raises:
        SafetyRefusal: No motor of it may move at all.
    """
    massager = known_massagers()[model]
    zone = _zone(massager, load_limits())
    path = folder / "stop-test.toml"
    path.write_text(_PROFILE.format(zone=zone, level=1.0 / max(massager.steps)), encoding="utf-8")
    return path


def _zone(massager: Massager, limits: Limits) -> str:
    """Return the zone with the widest cap that a motor of `massager` may be felt in."""
    felt = {zone for place in massager.layout.places for zone in place.zones}
    zones = sorted(limits.zones) if massager.needs_zone else sorted(felt)
    caps = {zone: limits.caps(zone, massager.stimulus_class).max_intensity for zone in zones}
    widest = max(zones, key=lambda zone: caps[zone])
    if caps[widest] <= 0.0:
        raise SafetyRefusal(f"{massager.model}: none of its motors may move anywhere")
    return widest


@contextmanager
def watching(times: int, model: str) -> Generator["_Driller"]:
    """Yield what drills a `model` with so many stops, and says it on standard output."""
    with Output(sys.stdout) as output:
        yield _Driller(output, times, model)


class _Driller:
    """An observer that asks for pauses and goes on, and tells how long each stop took."""

    look_every_s = 1.0

    def __init__(self, output: Output, times: int, model: str) -> None:
        self.output = output
        self._times, self._model = times, model
        self._hub: Hub | None = None

    def event(self, event: Event) -> None:
        if event.name == "connected" and event.detail != self._model:
            self._refuse(event.detail)  # the lowest step of another model is no lowest step here
        if event.name in ("lost", "warning"):
            self._say({"event": event.name, "detail": event.detail})

    def _refuse(self, model: str) -> None:
        self._say({"event": "warning", "detail": f"it is a {model}, not a {self._model}"})
        if self._hub is not None:
            self._hub.post(Command(CommandKind.STOP, "drill"))

    def look(self, snapshot: Snapshot) -> None:
        """Nobody watches a bench."""

    @contextmanager
    def keys(self, hub: Hub) -> Generator[None]:
        self._hub = hub
        drilling = asyncio.get_running_loop().create_task(self._drill(hub), name="drill")
        try:
            yield
        finally:
            drilling.cancel()

    def summary(self, summary: Summary) -> None:
        self._say({"event": "end", "reason": summary.reason, "detail": summary.detail})

    def _say(self, row: dict[str, object]) -> None:
        self.output.say(lambda: f"{json.dumps(row)}\n")

    async def _drill(self, hub: Hub) -> None:
        try:
            for turn in range(self._times):
                await self._burst(hub, BURST_S)
                self._say({"event": "stop", "ms": await self._stopped(hub)})
                hub.post(Command(CommandKind.RESUME, "drill"))
                if turn == self._times - 1:
                    await self._burst(hub, 0.0)
                    self._say({"event": "moving"})
                    await asyncio.sleep(CUT_S)
        except TimeoutError:
            self._say({"event": "still", "detail": STILL})
        finally:
            hub.post(Command(CommandKind.STOP, "drill"))

    async def _burst(self, hub: Hub, seconds: float) -> None:
        """Wait until a motor moves, and let it for so long. Raises TimeoutError when none does."""
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            while hub.session is None:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(POLL_S)
        async with asyncio.timeout(MOTION_TIMEOUT_S):
            while not any(_steps(hub)):  # noqa: ASYNC110 - a frame that was sent has no event
                await asyncio.sleep(POLL_S)
        await asyncio.sleep(seconds)

    async def _stopped(self, hub: Hub) -> float | None:
        """Ask for a pause; return the ms until its stop was confirmed, or None."""
        clock = asyncio.get_running_loop().time
        asked_s = clock()
        hub.post(Command(CommandKind.PAUSE, "drill"))
        while clock() - asked_s < STOP_TIMEOUT_S:
            await asyncio.sleep(POLL_S)
            decks = hub.session.decks if hub.session is not None else ()
            if decks and not any(deck.may_be_running for deck in decks):
                return (clock() - asked_s) * 1000.0
        return None


def _steps(hub: Hub) -> Sequence[int]:
    return hub.session.decks[0].sent_steps if hub.session is not None else ()
