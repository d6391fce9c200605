"""Events, snapshots and summaries as JSON: one object a line. The keys are in docs/events.md."""

import json
from dataclasses import asdict
from typing import cast

from devicehub.messages import Event, Snapshot, Summary

Json = dict[str, object]

EVENTS = {
    "connecting": "the hub is looking for the massager or connecting to it",
    "connected": "the link stands and the first stop is confirmed",
    "lost": "the link is gone; the hub tries to get it back",
    "closed": "the link was ended by the hub",
    "started": "the score begins; `detail` is the profile's title",
    "phase": "a phase begins; `detail` is technique and zones",
    "cue": "something to tell the person; `detail` is the text",
    "held_back": "a rule begins to hold something back; `detail` is rule and zone",
    "paused": "motors are at 0 and the countdown stands still",
    "resumed": "goes on, from 0, by the ramp",
    "softer": "the ceiling was lowered; `detail` is the new one",
    "discomfort": "mild discomfort was reported; `detail` is the new ceiling",
    "hurts": "it hurts: everything stops",
    "present": "the person answered that they are there",
    "battery": "the battery's level changed; `detail` is percent",
    "warning": "something is not as it should be, the session goes on; `detail` says what",
    "stopping": "stop was asked for; `detail` is by whom",
    "stopped": "the massager confirmed the stop; `detail` is the time it took in ms",
    "stop_unconfirmed": "stop was written and nobody answered: the massager may be running",
    "ended": "the session is over; `detail` is the reason",
}


def event(happened: Event) -> Json:
    """Return an event as a JSON object."""
    return {"kind": "event"} | _times(asdict(happened))


def snapshot(now: Snapshot) -> Json:
    """Return a snapshot as a JSON object; levels keep four decimals."""
    return {"kind": "snapshot"} | _times(asdict(now))


def summary(ended: Summary) -> Json:
    """Return a summary as a JSON object."""
    return {"kind": "summary"} | _times(asdict(ended))


def line(message: Event | Snapshot | Summary) -> str:
    """Return any of the three as one line of JSON, without the line's end."""
    if isinstance(message, Event):
        shaped = event(message)
    elif isinstance(message, Snapshot):
        shaped = snapshot(message)
    else:
        shaped = summary(message)
    return json.dumps(shaped, ensure_ascii=False, separators=(", ", ": "))


def _times(shaped: Json) -> Json:
    return cast("Json", _rounded(shaped))


def _rounded(value: object) -> object:
    """Four decimals: finer than any device's step and any clock that is shown."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in cast("Json", value).items()}
    if isinstance(value, tuple | list):
        return [_rounded(each) for each in cast("list[object]", value)]
    return value
