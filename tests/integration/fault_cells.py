"""One cell of the fault matrix: a session on virtual time, struck by one fault at one moment.

A massager that holds its last frame is found running, left so by somebody else. A session that
lives through the fault is resumed if it was paused, and stopped in the end. Then the air is watched
for a while: nobody who comes back may begin to move.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from devicehub.cli import text
from devicehub.cli.exits import exit_code
from devicehub.errors import HubError
from devicehub.messages import CommandKind
from firmware_sim.faults import parse, schedule
from tests.integration.fault_scene import Scene, StandingLoop, Strike, scene_of
from tests.integration.fault_strikes import lasts_s
from tests.tapes import Tape, instants, read_tape

RAMP_S = 0.8  # after the start, while the soft start still rises
HOLD_S = 3.5  # the soft start is over, and what is unchanged is only written again each second
PAUSED_S = 1.0
RESUME_AFTER_S = 3.0
PLAYS_ON_S = 4.5
AFTERLIFE_S = 10.0


def now_s() -> float:
    return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Ending:
    """What was left of a cell.

    Attributes:
        code: The exit code; None for a session whose caller cancelled it.
        confirmed: For each massager that was reached, whether it is said to be stopped.
        may_be_running: What the session says of its massager after all; None if it never began.
        told: What a person reads at the end.
        struck_s: When the fault struck, on the massager's clock.
        let_go_s: When the session was asked to stop at last; None if it ended by itself.
        ended_s: When it had ended.
        tape: What the massager lived through.
    """

    code: int | None
    confirmed: tuple[bool, ...]
    may_be_running: bool | None
    told: str
    struck_s: float
    let_go_s: float | None
    ended_s: float
    tape: Tape

    @property
    def still_since_s(self) -> float | None:
        """When the last motor came to rest, 0.0 if none ever moved; None for one that runs on."""
        since_s: float | None = 0.0
        for t, levels in instants(self.tape):
            if any(levels.values()):
                since_s = None
            elif since_s is None:
                since_s = t
        return since_s

    def rises(self, since_s: float, until_s: float = float("inf")) -> int:
        """Return how often a motor rose between two times."""
        before: dict[int, int] = {}
        rises = 0
        for move in self.tape.moves:
            rises += since_s < move.t < until_s and move.level > before.get(move.actuator, 0)
            before[move.actuator] = move.level
        return rises


@dataclass(frozen=True, slots=True)
class Course:
    """How a session goes that a fault strikes.

    Attributes:
        heat: Whether its heat pad was asked for.
        plays_on_s: How long it is left playing after the fault, if it does.
        bumble: Over Bumble, or over memory.
    """

    heat: bool = False
    plays_on_s: float = PLAYS_ON_S
    bumble: bool = False


def course_of(moment: str, fault: str | Strike) -> Course:
    """Return the usual one: faults of the radio over Bumble, and long enough to come back."""
    began = isinstance(fault, str) and moment not in AT_THE_LINK
    away_s = lasts_s(fault) if began else 0.0
    bumble = isinstance(fault, str) and moment != "connecting"
    return Course(plays_on_s=PLAYS_ON_S + away_s, bumble=bumble)


def live(
    model: str,
    moment: str,
    fault: str | Strike,
    tape: Path,
    then: Strike | None = None,
    course: Course | None = None,
) -> Ending:
    """Live through one cell and return how it ended.

    Args:
        model: Which massager.
        moment: One of `MOMENTS`.
        fault: What strikes then: words of `firmware_sim.faults`, counted from the moment on, for
            the massager and its radio, or something done to the session.
        tape: Where the massager writes what it lives through.
        then: What is done when all is over.
        course: How the session goes; the usual one if it is left out.
    """
    course = course or course_of(moment, fault)
    with asyncio.Runner(loop_factory=StandingLoop) as runner:
        return runner.run(_cell(model, moment, fault, tape, then, course))


async def _cell(
    model: str,
    moment: str,
    fault: str | Strike,
    tape: Path,
    then: Strike | None,
    course: Course,
) -> Ending:
    at_once = [fault] if isinstance(fault, str) and moment in AT_THE_LINK else []
    async with scene_of(model, tape, at_once, bumble=course.bumble, heat=course.heat) as scene:
        await MOMENTS[moment](scene)
        struck_s = now_s()
        if not isinstance(fault, str):
            await fault(scene)
        elif not at_once:
            schedule([parse(fault)], scene.device, asyncio.get_running_loop().call_later)
        let_go_s = await _go_on(scene, moment, course.plays_on_s)
        ended_s = now_s()
        await asyncio.sleep(AFTERLIFE_S)
        if then is not None:
            await then(scene)
    code, told = _told(scene)
    return Ending(
        code,
        tuple(end.stop_confirmed for end in scene.hub.ends),
        _may_be_running(scene),
        told,
        struck_s,
        let_go_s,
        ended_s,
        read_tape(tape),
    )


async def _connecting(scene: Scene) -> None:
    await scene.linked()


async def _ramp(scene: Scene) -> None:
    await scene.session()
    await asyncio.sleep(RAMP_S)


async def _hold(scene: Scene) -> None:
    await scene.session()
    await asyncio.sleep(HOLD_S)


async def _pausing(scene: Scene) -> None:
    await _hold(scene)
    scene.post(CommandKind.PAUSE)


async def _paused(scene: Scene) -> None:
    await _pausing(scene)
    await asyncio.sleep(PAUSED_S)


async def _stopping(scene: Scene) -> None:
    await _hold(scene)
    scene.post(CommandKind.STOP)


MOMENTS: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "finding": _connecting,  # the link is there, its table is being read: over Bumble
    "connecting": _connecting,  # the first stop is being written: over memory
    "ramp": _ramp,
    "hold": _hold,
    "pausing": _pausing,
    "paused": _paused,
    "stopping": _stopping,
}
AT_THE_LINK = ("finding", "connecting")


async def _go_on(scene: Scene, moment: str, plays_on_s: float) -> float | None:
    """Let a session that lives go on, resume it if it was paused, and stop it in the end."""
    if moment in ("pausing", "paused"):
        if await scene.ended_within(RESUME_AFTER_S):
            return None
        scene.post(CommandKind.RESUME)
    if await scene.ended_within(plays_on_s):
        return None
    lives = scene.lives
    let_go_s = now_s()
    if lives:
        scene.post(CommandKind.STOP)
    await asyncio.wait((scene.playing,))
    return let_go_s if lives else None


def _told(scene: Scene) -> tuple[int | None, str]:
    lost = [event.detail for event in scene.events if event.name == "lost"]
    if scene.playing.cancelled():
        return None, "\n".join(lost)
    error = scene.playing.exception()
    if error is not None:
        code = error.exit_code if isinstance(error, HubError) else 1
        return code, "\n".join([str(error), *lost])
    summary = scene.playing.result()
    lines = [text.device_end(end) for end in summary.devices]
    return exit_code(summary), "\n".join([summary.detail, *lines, *lost])


def _may_be_running(scene: Scene) -> bool | None:
    snapshot = scene.hub.snapshot()
    return None if snapshot is None else any(view.may_be_running for view in snapshot.devices)
