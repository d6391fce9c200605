"""Actions: what follows when a rule binds, in order, and what ends it again.

The table is written out, one row for each rule and each fault, so that nothing follows from a rule
by accident. Of several the worst counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Action(IntEnum):
    """What the session does; each includes those before it."""

    NONE = 0
    WARN = 1
    REDUCE = 2
    PAUSE = 3
    STOP = 4
    DISCONNECT = 5
    LOCK = 6


class Clears(StrEnum):
    """What ends an action."""

    BY_ITSELF = "when it no longer applies"
    RESUMED = "resumed by the person"
    SESSION = "session ended"
    ACKNOWLEDGED = "acknowledged"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Response:
    """One row.

    Attributes:
        binds: The action while the rule holds something back.
        clears: What ends it.
        text: A sentence for the person: what is, and why.
        over: The sentence when nothing is left to move because of it, and the session ends; empty
            for a rule that ends none.
    """

    binds: Action
    clears: Clears
    text: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of the actions now, the rule that it comes from, and a sentence for the person."""

    action: Action
    rule: str = ""
    text: str = ""


NOTHING = Verdict(Action.NONE)

_REDUCE, _STOP, _DISCONNECT = Action.REDUCE, Action.STOP, Action.DISCONNECT
_ITSELF, _SESSION, _NEVER = Clears.BY_ITSELF, Clears.SESSION, Clears.NEVER
_REST = "everything has had its share"

RESPONSES: Mapping[str, Response] = MappingProxyType(
    {
        "zone": Response(_REDUCE, _ITSELF, "a place takes no more than this"),
        "rating": Response(_REDUCE, _ITSELF, "the maker allows no more than this"),
        "ceiling": Response(_REDUCE, _ITSELF, "you chose no more than this"),
        "conditions": Response(_REDUCE, _SESSION, "softer, because of your answers"),
        "discomfort": Response(_REDUCE, _SESSION, "softer, because something was uncomfortable"),
        "joint": Response(_REDUCE, _ITSELF, "neighbouring motors add up"),
        "ramp": Response(_REDUCE, _ITSELF, "every start is slow"),
        "edge": Response(_REDUCE, _ITSELF, "no rise is sudden"),
        "pattern": Response(_REDUCE, _ITSELF, "this place takes a slower rhythm"),
        "recheck": Response(_REDUCE, _ITSELF, "the next step would be too strong"),
        "on_off": Response(_REDUCE, _ITSELF, "what can only be switched rests in between"),
        "continuous": Response(_REDUCE, _ITSELF, "a place rests for a while"),
        "warmup": Response(_REDUCE, _ITSELF, "a session begins gently"),
        "cooldown": Response(_REDUCE, _ITSELF, "a session ends gently"),
        "zone_session": Response(
            _REDUCE, _SESSION, "a place has had its time", f"{_REST} of a session"
        ),
        "zone_day": Response(
            _REDUCE, _SESSION, "a place has had its share of a day", f"{_REST} of a day"
        ),
        "hand_arm": Response(
            _REDUCE, _SESSION, "a hand has held it for long enough today", f"{_REST} of a day"
        ),
        "whole_body": Response(
            _REDUCE, _SESSION, "a seat has shaken for long enough today", f"{_REST} of a day"
        ),
        "session": Response(_STOP, _SESSION, *["a session has had its time"] * 2),
        "active": Response(_STOP, _SESSION, *["the massager has had its time"] * 2),
        "day": Response(_STOP, _SESSION, *["that is enough for a day"] * 2),
        "presence": Response(_STOP, _SESSION, *["nobody said that they are there"] * 2),
        "reserved": Response(
            Action.PAUSE, Clears.RESUMED, "what comes next could not be written down in time"
        ),
        "heat": Response(_REDUCE, _ITSELF, "the heat pad rests or is too warm"),
        "finite": Response(_DISCONNECT, _NEVER, "a level was asked for that is no level"),
        "clock": Response(_DISCONNECT, _NEVER, "the clock made no sense"),
        "rollcall": Response(_DISCONNECT, _NEVER, "a safety rule was missing"),
        "severe": Response(Action.LOCK, Clears.ACKNOWLEDGED, "it hurt"),
    }
)
"""By rule id; "finite", "clock" and "rollcall" are faults, "severe" is what the person reports."""

_NOT_LISTED = Response(_STOP, _SESSION, "a rule held something back that nobody listed")

ASKED = Verdict(Action.WARN, "presence", "are you there?")


def worst(rules: set[str | None], asks: bool) -> Verdict:
    """Return the worst of the rules that hold something back; `asks`: somebody is to answer.

    Of several that are as bad the first by name counts, so that what a person reads stays the same
    while nothing changes.
    """
    found = ASKED if asks else NOTHING
    for rule in sorted(rule for rule in rules if rule is not None):
        row = RESPONSES.get(rule, _NOT_LISTED)
        if row.binds > found.action:
            found = Verdict(row.binds, rule, row.text)
    return found


def ended(rule: str) -> Verdict:
    """Return that the session is over by a rule."""
    return Verdict(Action.STOP, rule, RESPONSES[rule].over)
