"""Words: zones, techniques, rules, events and ends as a person says them. No drawing, no colour."""

from collections.abc import Sequence

from devicehub.messages import DeviceEnd, EndReason, Event, HeatEnd, HeatView
from profiles.body import ZONES

_MINUTE_S = 60
_ZONE_TITLES = {zone.id: zone.title for zone in ZONES}

_TECHNIQUES = {"acupressure_hold": "holding", "hold": "holding"}

_RULES = {
    "zone": "cap of the zone",
    "rating": "rating of the massager",
    "ceiling": "the ceiling that you chose",
    "conditions": "your answers, or a first session",
    "discomfort": "your report of discomfort",
    "joint": "neighbouring motors add up",
    "ramp": "soft start",
    "edge": "no sudden rises",
    "pattern": "a slower rhythm for this zone",
    "continuous": "this zone rests for a while",
    "zone_session": "this zone has had its time",
    "session": "a session has had its time",
    "active": "the massager has had its time",
    "warmup": "a gentle beginning",
    "cooldown": "a gentle end",
    "on_off": "what can only be switched rests in between",
    "zone_day": "this zone has had its share of the day",
    "day": "that is enough for today",
    "hand_arm": "your hand has had its share of the day",
    "whole_body": "a seat has shaken for long enough today",
    "presence": "nobody said that they are there",
    "reserved": "it could not be written down in time",
    "recheck": "the next step would pass a cap",
    "heat": "limits of the heat pad",
    "finite": "what was asked was not a number",
    "clock": "the clock made no sense",
    "rollcall": "a safety rule was missing",
}

_ENDS = {
    EndReason.COMPLETED: "done",
    EndReason.STOPPED: "stopped by you",
    EndReason.DISCOMFORT: "ended after your report of discomfort",
    EndReason.SAFETY: "ended by a safety rule",
    EndReason.LOST: "the massager was lost",
    EndReason.FAILED: "failed",
}


# What a session says of an end that severe discomfort asked for.
IT_HURT = "it hurt"

_SOURCES = {
    "key": "by key",
    "socket": "by devicehub stop",
    "mqtt": "over MQTT",
    "SIGINT": "with Ctrl-C",
    "SIGTERM": "the system asked for it",
    "SIGHUP": "the terminal was closed",
    "SIGTSTP": "with Ctrl-Z",
    "SIGQUIT": "with Ctrl-\\",
    "tape": "the tape could not be written",
    "output closed": "nobody could see it any more",
}


def clock(seconds: float) -> str:
    """Return a time as m:ss, rounded to the next full second up, never below 0:00."""
    whole = max(0, -int(-seconds // 1))
    return f"{whole // _MINUTE_S}:{whole % _MINUTE_S:02d}"


def duration(seconds: float) -> str:
    """Return a length of time in words: ``"8 s"`` below a minute, else ``"4:08 min"``."""
    return f"{seconds:.0f} s" if round(seconds) < _MINUTE_S else f"{clock(round(seconds))} min"


def percent(level: float) -> str:
    """Return a level 0..1 as whole percent."""
    return f"{level * 100:.0f}%"


def zone(zone_id: str) -> str:
    """Return the zone's title; an unknown id is returned with spaces for underscores."""
    return _ZONE_TITLES.get(zone_id, zone_id.replace("_", " "))


def zones(ids: Sequence[str], most: int = 3) -> str:
    """Return the titles of at most `most` zones in one line, and how many more there are."""
    named = [zone(each) for each in ids[:most]]
    spoken = [name if at == 0 else name[:1].lower() + name[1:] for at, name in enumerate(named)]
    rest = len(ids) - most
    return "; ".join(spoken) + (f"; +{rest} more" if rest > 0 else "")


def zones_within(ids: Sequence[str], cells: int) -> str:
    """Return as many titles as fit into `cells` characters, at least one, and how many more."""
    fitting = (zones(ids, most) for most in range(len(ids), 1, -1))
    return next((line for line in fitting if len(line) <= cells), zones(ids, 1))


def technique(name: str) -> str:
    """Return the technique in plain words."""
    return _TECHNIQUES.get(name, name.replace("_", " "))


def rule(rule_id: str) -> str:
    """Return why a rule holds something back, in plain words."""
    return _RULES.get(rule_id, rule_id.replace("_", " "))


def end(reason: EndReason) -> str:
    """Return how a session ended, in plain words."""
    return _ENDS[reason]


def why(detail: str) -> str:
    """Return what stands behind an end: who asked or which rule, in words, or the detail."""
    return _SOURCES.get(detail) or _RULES.get(detail, detail)


def device_end(device: DeviceEnd) -> str:
    """Return one line on how a massager was left."""
    if not device.stop_confirmed:
        advice = f". {device.advice}" if device.advice else ", switch it off by its own button"
        return f"{device.name}: STOP NOT CONFIRMED{advice}"
    took = "" if device.stop_ms is None else f" in {device.stop_ms:.0f} ms"
    return f"{device.name}: stopped, confirmed{took}"


def heat(pad: HeatView) -> str:
    """Return a heat pad in one line: on or why not, and how warm it is."""
    state = "heat on" if pad.on else f"heat off: {pad.why_off}"
    return state if pad.celsius is None else f"{state} ({pad.celsius:g} C)"


def heat_end(pad: HeatEnd) -> str:
    """Return in one line for how long a heat pad was on and how warm it was, or why it was not."""
    if round(pad.seconds) < 1:
        return f"{pad.name}: heat was off: {pad.why_off or 'the session ended first'}"
    warm = "" if pad.highest_c is None else f", up to {pad.highest_c:g} C"
    return f"{pad.name}: heat was on for {duration(pad.seconds)}{warm}"


_MOVE = "move "
_ANSWERS = {
    "softer": "softer from here on: {}",
    "lowered": "lowered from afar: {}",
    "stronger": "stronger again: {}",
    "refused": "{}",
    "discomfort": "noted, weaker from here on; press d again to end the session",
    "present": "good, you are there",
    "reloaded": "read again: {}",
    "not_reloaded": "the old one goes on: {}",
    "mqtt": "{}",
    "paused": "paused: {}",
    "waiting": "{}",
    "resumed": "going on",
    "lost": "link lost. {}",
    "returned": "{}",
    "battery_low": "{}",
    "battery_empty": "{}",
}


def answer(event: Event) -> str:
    """Return what is said to the person who pressed a key or has to do something; else ""."""
    if (event.name, event.detail) == ("paused", "asked"):
        return "paused"
    if event.name == "paused" and event.detail.startswith(_MOVE):
        return ""  # the picture says where to
    return _ANSWERS.get(event.name, "").format(event.detail)


def event_line(event: Event) -> str:
    """Return an event as one plain line, for output that is not a terminal."""
    what = event.name.replace("_", " ")
    parts = [f"{clock(event.t_s):>6}", what, event.device or "", event.detail]
    return "  ".join(part for part in parts if part)
