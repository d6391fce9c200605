"""`devicehub` without a command: what is running, and what to do next."""

import os
import stat
import tempfile
from pathlib import Path

_NEXT = (
    ("devicehub play taster --device sim:reference-cape", "90 seconds, no hardware needed"),
    ("devicehub profiles list", "what can be played"),
    ("devicehub scan", "massagers in range"),
)
_NEXT_RUNNING = (
    ("devicehub stop", "stop the motors now"),
    ("devicehub profiles list", "what can be played"),
    ("devicehub scan", "massagers in range"),
)


def text() -> str:
    """Return the status and the three most useful next commands."""
    running = running_sessions()
    if running:
        head = f"{_count(len(running))} running: {', '.join(running)}"
    else:
        head = "No session is running."
    commands = _NEXT_RUNNING if running else _NEXT
    width = max(len(command) for command, _ in commands)
    lines = [f"  {command:<{width}}  {what}" for command, what in commands]
    return "\n".join([head, "", "Next:", *lines, "", "All commands: devicehub --help"])


def sockets_folder() -> Path:
    """Return the folder in which running sessions of this user keep their control sockets."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "devicehub"
    return Path(tempfile.gettempdir()) / f"devicehub-{os.getuid()}"


def running_sessions() -> list[str]:
    """Return the names of the control sockets that are there, in order."""
    try:
        found = sorted(sockets_folder().iterdir())
    except OSError:
        return []
    return [path.stem for path in found if _is_socket(path)]


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except OSError:
        return False


def _count(number: int) -> str:
    return "1 session is" if number == 1 else f"{number} sessions are"
