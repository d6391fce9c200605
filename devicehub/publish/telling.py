"""Telling: how bad it is that something happened in a session, and the words without names."""

import re
from collections.abc import Mapping

from devicehub.messages import EndReason, Event, Summary
from devicehub.outside import Severity

_SEVERITIES = {
    "warning": Severity.WARNING,
    "refused": Severity.WARNING,
    "discomfort": Severity.WARNING,
    "presence_asked": Severity.WARNING,
    "lost": Severity.CRITICAL,
    "rescuing": Severity.CRITICAL,
}
_ENDS = {
    EndReason.COMPLETED: Severity.INFO,
    EndReason.STOPPED: Severity.INFO,
    EndReason.DISCOMFORT: Severity.WARNING,
    EndReason.SAFETY: Severity.WARNING,
    EndReason.LOST: Severity.CRITICAL,
    EndReason.FAILED: Severity.CRITICAL,
}
# How radios write an address: six bytes, or on macOS a UUID.
_ADDRESS = re.compile(
    r"\b(?:[0-9A-F]{2}:){5}[0-9A-F]{2}\b|\b[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\b",
    re.IGNORECASE,
)


def of_event(event: Event) -> Severity:
    """Return how bad it is that this happened."""
    return _SEVERITIES.get(event.name, Severity.INFO)


def of_end(summary: Summary) -> Severity:
    """Return how bad it is that a session ended like this; a stop nobody confirmed is worst."""
    stopped = all(end.stop_confirmed for end in summary.devices)
    return _ENDS[summary.reason] if stopped else Severity.CRITICAL


def nameless(text: str, ids: Mapping[str, str]) -> str:
    """Return a text for people without names and radio addresses; `ids` are by name."""
    for name, id_ in sorted(ids.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(name, id_)
    return _ADDRESS.sub("its address", text)
