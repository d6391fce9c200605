"""Asking every running session to stop, for `devicehub stop`; light imports, it must start fast."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devicehub.radio.saved import address_of
from devicehub.session import sockets

# A session answers when its massagers have: four tries of one second, then the disconnect. One that
# was lost its session looks for up to a minute; the person is told before that, and has hands.
SESSION_TIMEOUT_S = 15.0
NAMING_TIMEOUT_S = 1.0
LOOK_S = 0.05

STILL_TRYING = f"Its session has not confirmed within {SESSION_TIMEOUT_S:.0f} s and may still try."
BY_HAND = "Switch it off by hand."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one session said; one that is `silent` has a row for each massager it plays."""

    rows: tuple[Row, ...]
    silent: bool = False


async def ask(path: Path, device: str | None) -> Answer:
    """Ask one session; a socket that nobody serves any more is removed."""
    naming = asyncio.create_task(_names(path))  # beside the stop, which waits for nothing
    try:
        async with asyncio.timeout(SESSION_TIMEOUT_S):
            address = device and address_of(device)
            answer = await _said(path, {"op": "stop", "device": device, "address": address})
        rows = [_read(row) for row in answer["devices"]]
        return Answer((*rows, *(_unreached(name) for name in answer.get("unreached", ()))))
    except ConnectionRefusedError:  # its process was killed; what it left is in `standing`
        sockets.remove(path)
        return Answer(())
    except FileNotFoundError:  # it has just ended
        return Answer(())
    except Exception:  # noqa: BLE001 - whatever one session answers, the others are asked
        return Answer(_silent(path, await naming), silent=True)
    finally:
        naming.cancel()


async def end(pid: int) -> Answer:
    """Ask a session that no socket leads to, and nobody can name: its process ends with a stop."""
    clock = asyncio.get_running_loop().time
    until_s = clock() + SESSION_TIMEOUT_S
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    while (lives := pid in sockets.unreached()) and clock() < until_s:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_S)
    advice = f"It has not ended within {SESSION_TIMEOUT_S:.0f} s. {BY_HAND}"
    return Answer((row_of(f"the session of process {pid}", "", advice, confirmed=not lives),))


async def _said(path: Path, request: Row) -> Any:
    """Return what a session answers. Raises whatever a socket or a bad answer raises."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(json.dumps(request).encode() + b"\n")
        return json.loads(await reader.readline())
    finally:
        writer.close()


async def _names(path: Path) -> list[str]:
    """Return what a session calls its massagers; nothing where it does not say."""
    try:
        async with asyncio.timeout(NAMING_TIMEOUT_S):
            named: list[Any] = [*(await _said(path, {"op": "who"}))["devices"]]
        return named if all(isinstance(name, str) for name in named) else []
    except Exception:  # noqa: BLE001 - only words for a person hang on it
        return []


def _silent(path: Path, names: Sequence[str]) -> tuple[Row, ...]:
    """Return a row for each massager of a session that did not say how it left them."""
    if names:
        advice = f"{STILL_TRYING} {BY_HAND}"
        return tuple(row_of(name, "", advice, confirmed=False) for name in names)
    who = f"a session that does not answer (process {path.stem})"
    return (row_of(who, "", "Switch its massagers off by hand.", confirmed=False),)


def _read(row: dict[str, Any]) -> Row:
    """Return a row of a session's answer. Raises KeyError or TypeError if it is none."""
    ms = row["ms"]
    return {
        "name": str(row["name"]),
        "model": str(row["model"]),
        "confirmed": row["confirmed"] is True,
        "ms": None if ms is None else float(ms),
    }


def _unreached(name: object) -> Row:
    """Return the row of a massager that its session was still looking for: nothing of it moved."""
    return row_of(str(name), "", "", confirmed=False) | {"unreached": True}


def row_of(name: str, model: str, advice: str, *, confirmed: bool) -> Row:
    """Return what is told of one massager."""
    return {"name": name, "model": model, "confirmed": confirmed, "ms": None, "advice": advice}
