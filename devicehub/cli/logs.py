"""Logs of the service, on standard error: a line an event, for people or as JSON.

A reader that is slow or gone holds nothing up: lines go through `Output`, and what nobody reads is
left out.
"""

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from devicehub.cli.output import Output
from devicehub.outside import Happening, Severity

NAME = "devicehub"
_LEVELS = {
    Severity.INFO: logging.INFO,
    Severity.WARNING: logging.WARNING,
    Severity.CRITICAL: logging.CRITICAL,
}
_LOG = logging.getLogger(f"{NAME}.service")


class Lines(logging.Handler):
    """Writes every record as a line of `stream`; closed at the end."""

    def __init__(self, stream: TextIO, *, as_json: bool) -> None:
        super().__init__()
        self._output = Output(stream)
        self.setFormatter(_Json() if as_json else _Text())

    def emit(self, record: logging.LogRecord) -> None:
        """Write one; never waits."""
        line = self.format(record)
        self._output.say(lambda: f"{line}\n")

    def close(self) -> None:
        """Write what waits, as long as somebody takes it."""
        self._output.close()
        super().close()


@contextmanager
def logged(stream: TextIO, level: str, *, as_json: bool) -> Generator[None]:
    """Log what is at least of `level`; other people's packages are heard with `debug` alone."""
    lines = Lines(stream, as_json=as_json)
    root, ours = logging.getLogger(), logging.getLogger(NAME)
    heard: logging.Handler = lines if level == "debug" else logging.NullHandler()
    ours.addHandler(lines)
    ours.propagate = False
    ours.setLevel(level.upper())
    root.addHandler(heard)
    try:
        yield
    finally:
        root.removeHandler(heard)
        ours.removeHandler(lines)
        ours.propagate = True
        ours.setLevel(logging.NOTSET)
        lines.close()


def happened(happening: Happening) -> None:
    """Log an event of the service."""
    event = happening.event
    fields = {
        "seq": happening.seq,
        "event": event.name,
        "device": happening.device,
        "session": happening.session,
    }
    _LOG.log(_LEVELS[happening.severity], "%s", event.detail, extra={"fields": fields})


def ended(*, confirmed: bool) -> None:
    """Log that the service is over, and whether every massager has confirmed its stop."""
    if confirmed:
        _LOG.info("the service has ended; no motor runs")
    else:
        _LOG.critical("the service has ended; a stop is not confirmed: look at the massager")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {"ts": _time(record), "level": record.levelname.lower()}
        said |= {"logger": record.name} | _fields(record) | {"detail": record.getMessage()}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        words = [_time(record), record.levelname.lower()]
        if fields:
            words += [f"#{fields['seq']}", fields["device"] or "-", fields["event"]]
        said = " ".join(record.getMessage().split())
        if said and fields:
            words[-1] += ":"
        words += [said] if said else []
        if fields.get("session"):
            words.append(f"(session {fields['session']})")
        line = " ".join(words)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "fields", {})
