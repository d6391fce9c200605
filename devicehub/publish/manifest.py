"""Manifest: which retained topics at a broker are ours, kept in a file from run to run.

A massager that is forgotten, a hub that is renamed, a discovery that is switched off: each leaves
retained messages that nobody would ever take away. What is listed here and is told no more is
emptied at the next connection. A topic is listed before it is published for the first time.
"""

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

# A hub has half a dozen topics for each massager; a file that says more is none of ours.
MOST_TOPICS = 10_000
LONGEST_BYTES = 4_000_000


class Manifest:
    """The list of one broker."""

    def __init__(self, file: Path | None, note: Callable[[str], None] = lambda _: None) -> None:
        """Make it.

        Args:
            file: Where it is kept; None keeps it nowhere, so nothing of an earlier run is known.
            note: Told once, for people, when it cannot be kept.
        """
        self._file = file
        self._note = note
        self._topics = frozenset(_read(file)) if file is not None else frozenset[str]()
        self._written = self._topics

    @property
    def topics(self) -> frozenset[str]:
        """What is listed."""
        return self._topics

    def keep(self, topics: Iterable[str]) -> None:
        """List exactly `topics`; nothing is written while that changes nothing."""
        self._topics = frozenset(topics)
        if self._file is None or self._topics == self._written:
            return
        try:
            _write(self._file, sorted(self._topics))
        except OSError as error:
            self._note(f"{self._file}: {error.strerror}; what is retained may outlive its massager")
            self._file = None
            return
        self._written = self._topics


def file_for(folder: Path, broker: str) -> Path:
    """Return the file of a broker; its name tells nobody where that is."""
    return folder / f"retained-{sha256(broker.encode()).hexdigest()[:12]}.json"


def _read(file: Path) -> list[str]:
    """Return what a file lists; one that cannot be read lists nothing."""
    listed: object = None
    with suppress(OSError, ValueError, RecursionError):
        if file.stat().st_size <= LONGEST_BYTES:
            listed = json.loads(file.read_bytes())
    if not isinstance(listed, list):
        return []
    items = cast("list[object]", listed)
    return [item for item in items if isinstance(item, str) and _is_topic(item)][:MOST_TOPICS]


def _is_topic(item: str) -> bool:
    """Say whether it can be published to: a wildcard would take away what is not ours."""
    return bool(item) and not any(sign in item for sign in "+#\0")


def _write(file: Path, topics: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(topics, indent=0), encoding="utf-8")
    fresh.replace(file)
