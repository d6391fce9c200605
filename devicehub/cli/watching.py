"""Watching: a profile's file while it is played; what changes in it is played from there on."""

import asyncio
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from devicehub.errors import HubError
from devicehub.hub import Hub
from profiles import loader
from profiles.errors import ProfileError
from profiles.model import Profile

# Seconds of the loop's time between two looks. What looked the same twice is not being written.
LOOK_S = 0.4

_Stamp = tuple[int, int, int]


class Watched:
    """The file of the profile that `hub` plays, `played` at first."""

    def __init__(self, path: Path, played: Profile, hub: Hub) -> None:
        self._path, self._played, self._hub = path, played, hub
        self._seen: _Stamp | None = None
        self._read: _Stamp | None = None

    def look(self) -> None:
        """Look at the file once; a new profile in it is played, a mistake is told once."""
        stamp = _stamp(self._path)
        if stamp is None or stamp == self._read or self._hub.session is None:
            return
        if stamp != self._seen:
            self._seen = stamp  # somebody may be writing it still
            return
        self._read = stamp
        try:
            profile = loader.load(self._path)
            if profile != self._played:
                self._hub.exchange(profile)
                self._played = profile
        except (ProfileError, HubError) as error:
            self._hub.session.event("not_reloaded", detail=_in_one_line(str(error)))


@asynccontextmanager
async def watched(path: Path, played: Profile, hub: Hub) -> AsyncGenerator[None]:
    """Look at the file again and again for as long as the context lasts."""

    async def looking() -> None:
        file = Watched(path, played, hub)
        while True:
            await asyncio.sleep(LOOK_S)
            file.look()

    task = asyncio.create_task(looking(), name="watched file")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes when a file does; None while there is none, as some editors leave it."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None  # a pipe would be waited for, and the session with it
    return status.st_mtime_ns, status.st_size, status.st_ino


def _in_one_line(text: str) -> str:
    first, *more = text.splitlines()
    return f"{first} (and {len(more)} more)" if more else first
