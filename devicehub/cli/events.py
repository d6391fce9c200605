"""Events, snapshots and summaries as JSON: one object a line. The keys are in docs/events.md."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import cast

from devicehub.messages import Event, Snapshot, Summary
from profiles.guiding import Instruction
from profiles.text import Language

Json = dict[str, object]

EVENTS = {
    "connecting": "the hub looks for the massager and connects to it",
    "connected": "the link stands and the first stop is confirmed; `detail` is the model",
    "warning": "something that this massager cannot do of the profile; `detail` says what",
    "started": "the score begins, every motor ramps up from 0",
    "phase": "a phase begins; `detail` is its number and technique",
    "paused": "motors stop and the countdown stands still; `detail` says why",
    "waiting": "the pause has lasted for 9 minutes; `detail` says when the session ends by itself",
    "resumed": "the score goes on where it was, every motor ramps up from 0",
    "softer": "the ceiling is now 4/5 of what was asked for within the caps: `detail`",
    "first_session": "somebody's first sessions are softer; `detail` says how many are left",
    "lowered": "the ceiling was lowered to a level that somebody named; `detail` is the new one",
    "stronger": "the ceiling was raised; `detail` is the new one",
    "refused": "something that was asked for may not be; `detail` says why",
    "discomfort": "mild discomfort was reported: every cap is lower from here on",
    "presence_asked": "somebody has to say that they are there; `detail` is how long they have",
    "mqtt": "the broker came or went, or forbids something; `detail` says which",
    "present": "the person answered that they are there",
    "lost": "the link is gone; `detail` is what this massager does on its own then",
    "battery_low": "the battery of a massager is at 20 % or less; `detail` is how much is left",
    "battery_empty": "it is at 5 % or less: the session fades out and ends",
    "returning": "it is looked for; `detail` counts down, every ten seconds",
    "returned": "it is connected again and stands still until somebody resumes",
    "rescuing": "it has not confirmed stop and may be running; `detail` is what to do by hand",
    "reloaded": "the file has changed and is played from here on; `detail` says what of it",
    "not_reloaded": "the file cannot be played, the old profile goes on; `detail` is the mistake",
    "rescued": "it confirmed stop after all",
}


def event(happened: Event) -> Json:
    """Return an event as a JSON object."""
    return _shaped("event", asdict(happened))


def snapshot(now: Snapshot) -> Json:
    """Return a snapshot as a JSON object; levels keep four decimals."""
    return _shaped("snapshot", asdict(now))


def summary(ended: Summary) -> Json:
    """Return a summary as a JSON object."""
    return _shaped("summary", asdict(ended))


def line(message: Event | Snapshot | Summary) -> str:
    """Return any of the three as one line of JSON, without the line's end."""
    if isinstance(message, Event):
        shaped = event(message)
    elif isinstance(message, Snapshot):
        shaped = snapshot(message)
    else:
        shaped = summary(message)
    return as_line(shaped)


def instruction(
    told: Instruction, *, at_s: float, technique: str, text: str, language: Language
) -> Json:
    """Return an instruction of a guide, told at `at_s` as `text`, as a JSON object."""
    row: Json = {
        "t_s": at_s,
        "what": told.kind,
        "text": text,
        "language": language,
        "spoken": told.spoken,
        "passage": told.phase,
        "technique": technique,
        "zones": told.zones,
        "side": told.side,
        "path": told.path,
        "seconds": told.seconds,
        "speed_cm_s": told.speed_cm_s,
        "rate_hz": told.rate_hz,
    }
    return _shaped("instruction", row)


def as_line(shaped: Json) -> str:
    """Return an object as one line of JSON, without the line's end."""
    return json.dumps(shaped, ensure_ascii=False, separators=(", ", ": "))


def _shaped(kind: str, fields: Json) -> Json:
    return cast("Json", _plain({"kind": kind} | fields))


def _plain(value: object) -> object:
    """Only what JSON knows, with four decimals: finer than any step and any clock that is shown."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in cast("Json", value).items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in cast("list[object]", value)]
    return value
