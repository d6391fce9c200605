"""What may happen to the small world between two ticks: a person, the system, the radio."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.model.world import Design, World, is_alarmed, leaving, stop_written

Happening = Callable[[Design, World], World | None]
"""Returns the world after it, or None where it cannot happen."""


# -------------------------------------------------------------------- a person


def _start(design: Design, world: World) -> World | None:
    if world.hub != "gone" or world.keeper != "gone" or world.link == "silent":
        return None
    world = world._replace(
        hub="running",
        session="connected",
        keeper="watching" if design.keeper else "gone",
        link="up",
        sure=not design.stop_first,  # without it the massager is taken to be at rest
        armed=False,
        steps=False,
        told=world.told and design.stop_first,  # and the alarm is taken back
        silent_ticks=0,
        unheard_ticks=0,
        frame_ticks=0,
        keeper_tries=0,
    )
    if not design.stop_first:
        return world
    world = stop_written(design, world)
    return world if world.sure else leaving(world)


def _play(_design: Design, world: World) -> World | None:
    if (world.hub, world.session) != ("running", "connected"):
        return None
    return world._replace(session="playing", wanted=True)


def _pause(_design: Design, world: World) -> World | None:
    if (world.hub, world.session) != ("running", "playing"):
        return None
    return world._replace(session="paused", wanted=False, tries=0)


def _resume(_design: Design, world: World) -> World | None:
    if (world.hub, world.session, world.sure) != ("running", "paused", True):
        return None
    return world._replace(session="playing", wanted=True)


def _stop(_design: Design, world: World) -> World | None:
    if world.hub != "running" or world.session in ("none", "stopping"):
        return None
    return leaving(world)


def _acknowledge(design: Design, world: World) -> World | None:
    """Somebody has read the alarm; where it is made of events, that is its end."""
    if design.alarm_from_state or not is_alarmed(design, world):
        return None
    return world._replace(told=False, stands=False)


# ------------------------------------------------------------------ the system


def _kill_hub(_design: Design, world: World) -> World | None:
    if world.hub == "gone":
        return None
    return world._replace(hub="gone", session="none", wanted=False, tries=0)


def _suspend_hub(_design: Design, world: World) -> World | None:
    return world._replace(hub="suspended") if world.hub == "running" else None


def _stick_loop(_design: Design, world: World) -> World | None:
    return world._replace(hub="stuck") if world.hub == "running" else None


def _go_on(_design: Design, world: World) -> World | None:
    return world._replace(hub="running") if world.hub in ("suspended", "stuck") else None


def _kill_keeper(_design: Design, world: World) -> World | None:
    return None if world.keeper == "gone" else world._replace(keeper="gone")


# ------------------------------------------------- the radio and the massager


def _go_out_of_range(_design: Design, world: World) -> World | None:
    return world._replace(link="silent", silent_ticks=0) if world.link == "up" else None


def _come_back(_design: Design, world: World) -> World | None:
    return world._replace(link="up", silent_ticks=0) if world.link == "silent" else None


def _hang(_design: Design, world: World) -> World | None:
    return None if world.deaf else world._replace(deaf=True)


def _recover(_design: Design, world: World) -> World | None:
    return world._replace(deaf=False) if world.deaf else None


def _reboot(_design: Design, world: World) -> World | None:
    return world._replace(motor=False, deaf=False, link="down", silent_ticks=0)


NOTHING = "nothing happens"
HAPPENINGS: Mapping[str, Happening] = MappingProxyType(
    {
        NOTHING: lambda _design, world: world,
        "a person connects the massager": _start,
        "the session begins to play": _play,
        "a person pauses": _pause,
        "a person resumes": _resume,
        "a person stops": _stop,
        "a person acknowledges the alarm": _acknowledge,
        "the hub is killed": _kill_hub,
        "the hub's loop stands still": _stick_loop,
        "the hub is suspended": _suspend_hub,
        "the hub goes on": _go_on,
        "the keeper is killed": _kill_keeper,
        "the massager goes out of range": _go_out_of_range,
        "the massager comes back": _come_back,
        "the massager hangs": _hang,
        "the massager recovers": _recover,
        "the massager reboots": _reboot,
    }
)
