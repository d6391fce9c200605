"""A small world of session, keeper, link and a massager that latches, turned one tick at a time.

How it maps to the code:

| here | there |
|---|---|
| hub `running`, `stuck`, `suspended`, `gone` | the process of `hub.Hub`: turning; its core loop |
| | stands while the heartbeat goes on; SIGSTOP; not there |
| session | `session.session`; `connected` lasts while another massager is looked for |
| keeper `watching`, `tripped`, `gone` | `keeper.keeper`: serving; stopping by itself; not there |
| `steps`, `armed`, `stands` | `keeper.kept`; the standing stop on disk (`keeper.standing`) |
| `sure` | `session.deck`: the last thing that was confirmed is a stop |
| `told` | exit codes 3 and 5 with what to do by hand; the keeper's words on standard error |
| `wanted` | a person started or resumed it, and nothing has interrupted it since |
| link `silent`; `deaf` | out of range within the supervision timeout; hangs on a link that stands |

Time limits are scaled to a few ticks that keep their order. Between two ticks one thing happens
(`happenings`), or nothing does.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

FRAME_TICKS = 1  # outbox.FRAME_TTL_S, gate.FRAME_TTL_S
SUPERVISION_TICKS = 2  # of a silent link
HEARTBEAT_TICKS = 2  # keeper.HEARTBEAT_LIMIT_S
TRIES_TICKS = 2  # transport.STOP_TRIES
LEAVING_TICKS = 2 * TRIES_TICKS  # hub.Hub: a stop to the end, and the one of closing


@dataclass(frozen=True, slots=True)
class Design:
    """The protections, each of which can be left out."""

    keeper: bool = True
    hub_watches_keeper: bool = True
    frames_expire: bool = True
    stop_first: bool = True
    stop_wants_an_answer: bool = True
    resumes_only_when_asked: bool = True
    alarm_from_state: bool = True
    standing_stop: bool = True
    keeper_takes_over: bool = True


class World(NamedTuple):
    """Everything there is at one moment."""

    hub: Literal["gone", "running", "stuck", "suspended"] = "gone"
    session: Literal["none", "connected", "playing", "paused", "stopping"] = "none"
    keeper: Literal["gone", "watching", "tripped"] = "gone"
    link: Literal["up", "silent", "down"] = "down"
    motor: bool = False
    deaf: bool = False
    wanted: bool = False
    sure: bool = True
    armed: bool = False
    stands: bool = False
    steps: bool = False
    told: bool = False
    silent_ticks: int = 0
    unheard_ticks: int = 0
    frame_ticks: int = 0
    tries: int = 0
    keeper_tries: int = 0
    adrift_ticks: int = 0


def is_commanded(design: Design, world: World) -> bool:
    """Say whether somebody who is able to stop the motor wants it to move."""
    return (
        (world.hub, world.session, world.link) == ("running", "playing", "up")
        and world.wanted
        and not world.deaf
        and (world.keeper == "watching" or not design.keeper)
    )


def is_alarmed(design: Design, world: World) -> bool:
    """Say whether a person was told, or finds it standing on disk where nobody else cares for it.

    What was told holds until a stop is confirmed.
    """
    kept = world.keeper != "gone" and world.armed
    left = world.stands and not kept and world.hub != "running"
    return world.told or (left and design.keeper and design.standing_stop)


def stop_written(design: Design, world: World) -> World:
    """Write stop once, from whoever holds the link; it is done when the massager has answered."""
    world = world._replace(steps=False)
    if world.link == "up" and not world.deaf:
        return world._replace(motor=False, sure=True, armed=False, stands=False, told=False)
    if world.link != "down" and not design.stop_wants_an_answer:
        return world._replace(sure=True, armed=False, stands=False, told=False)
    return world


def leaving(world: World) -> World:
    """Begin to end the session, through the one door that there is."""
    return world._replace(session="stopping", wanted=False, tries=0)


def turned(design: Design, world: World) -> World:
    """Return the world one tick later."""
    world = _keeper_turns(design, _hub_turns(design, _link_turns(world)))
    adrift = world.motor and not is_commanded(design, world) and not is_alarmed(design, world)
    return world._replace(adrift_ticks=world.adrift_ticks + 1 if adrift else 0)


def _link_turns(world: World) -> World:
    if world.link != "silent":
        return world
    if world.silent_ticks < SUPERVISION_TICKS:
        return world._replace(silent_ticks=world.silent_ticks + 1)
    return world._replace(link="down", silent_ticks=0)


# --------------------------------------------------------------------------- hub


def _holds_link(design: Design, world: World) -> bool:
    """Say whether what the hub says reaches the link."""
    return world.keeper == "watching" or not design.keeper


def _hub_turns(design: Design, world: World) -> World:
    if world.hub != "running" or world.session == "none":
        return world
    noticed = world.link == "down" or (design.hub_watches_keeper and not _holds_link(design, world))
    if noticed and world.session != "stopping":
        world = _lost(design, world)
    if world.session == "playing":
        return _beat(design, world)
    if world.session == "paused" and not world.sure:
        world = _tried(design, world)
        return leaving(world) if world.tries >= TRIES_TICKS and not world.sure else world
    if world.session == "stopping":
        world = _tried(design, world)
        given_up = world.tries >= LEAVING_TICKS or not _holds_link(design, world)
        return _left(design, world) if world.sure or given_up else world
    return world


def _beat(design: Design, world: World) -> World:
    if world.deaf:
        return leaving(world)
    if world.link == "up" and _holds_link(design, world):
        return world._replace(
            motor=True, sure=False, armed=True, stands=True, steps=True, frame_ticks=0
        )
    return world


def _tried(design: Design, world: World) -> World:
    if _holds_link(design, world):
        world = stop_written(design, world)
    return world._replace(tries=world.tries + 1)


def _lost(design: Design, world: World) -> World:
    if not design.alarm_from_state:  # then it is an event, and this is the event
        world = world._replace(told=world.told or not world.sure)
    if design.resumes_only_when_asked or world.session != "playing":
        return leaving(world)
    world = world._replace(wanted=False, keeper="watching" if design.keeper else "gone")
    world = world._replace(link="up", silent_ticks=0, unheard_ticks=0, frame_ticks=0)
    return stop_written(design, world)


def _left(design: Design, world: World) -> World:
    """End: the links are closed, and how they were left is said."""
    if _holds_link(design, world):
        world = world._replace(keeper="gone", link="down", silent_ticks=0, steps=False)
    told = world.told or (design.alarm_from_state and not world.sure)
    return world._replace(hub="gone", session="none", told=told, tries=0)


# ------------------------------------------------------------------------ keeper


def _keeper_turns(design: Design, world: World) -> World:
    if world.keeper == "watching":
        world = _watched(design, world)
    if world.keeper == "tripped":
        world = _tripped(design, world)
    return world


def _watched(design: Design, world: World) -> World:
    beats = world.hub in ("running", "stuck")
    unheard_ticks = 0 if beats else world.unheard_ticks + 1
    old = design.frames_expire and world.steps and world.frame_ticks > FRAME_TICKS
    given_up = design.keeper_takes_over and world.keeper_tries >= TRIES_TICKS
    unwanted = unheard_ticks > HEARTBEAT_TICKS or old or given_up or world.link == "down"
    tripped = (world.armed and unwanted) or world.hub == "gone"
    stop_waits = world.armed and not world.steps and not tripped
    return world._replace(
        keeper="tripped" if tripped else "watching",
        unheard_ticks=min(unheard_ticks, HEARTBEAT_TICKS + 1),
        frame_ticks=min(world.frame_ticks + 1, FRAME_TICKS + 1),
        keeper_tries=min(world.keeper_tries + 1, TRIES_TICKS) if stop_waits else 0,
    )


def _tripped(design: Design, world: World) -> World:
    """Write stop again and again; what a hub that still runs knows of it is nothing."""
    sure = world.sure
    world = stop_written(design, world)._replace(sure=sure)
    if not world.armed:
        return world._replace(keeper="gone", link="down", silent_ticks=0)
    told = design.alarm_from_state
    if world.link == "down":
        return world._replace(keeper="gone", told=world.told or told)
    if world.keeper_tries >= TRIES_TICKS:
        return world._replace(told=world.told or told)
    return world._replace(keeper_tries=world.keeper_tries + 1)
