"""`devicehub` without a command: what is running, and what to do next."""

from collections.abc import Sequence
from pathlib import Path

from devicehub.keeper.standing import StandingStop, standing
from devicehub.session import sockets

_ANSWER_S = 0.3  # a session answers between two beats of 50 ms
_LONGEST_ANSWER = 4096
_AND = ", "

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
    """Return what may be running, what plays, and the three most useful next commands."""
    running = running_sessions()
    if running:
        head = f"{_count(len(running))} running: {'; '.join(running)}"
    else:
        head = "No session is running."
    alarms = alarms_of(running)
    head = "\n".join([*alarms, head])
    commands = _NEXT_RUNNING if running or alarms else _NEXT
    width = max(len(command) for command, _ in commands)
    lines = [f"  {command:<{width}}  {what}" for command, what in commands]
    return "\n".join([head, "", "Next:", *lines, "", "All commands: devicehub --help"])


def alarms_of(running: Sequence[str]) -> list[str]:
    """Return a line for each massager that may be running although no session plays it.

    Args:
        running: What running sessions play, as `running_sessions` returns it.
    """
    return [
        f"{kept.name} may be running: devicehub stop\n  {kept.advice}"
        for kept in left_alone(running)
    ]


def left_alone(running: Sequence[str]) -> list[StandingStop]:
    """Return what may be running although none of the sessions in `running` plays it."""
    played = {device.casefold() for devices in running for device in devices.split(_AND)}
    return [
        kept
        for kept in standing()
        if played.isdisjoint((kept.name.casefold(), kept.address.casefold()))
    ]


def running_sessions() -> list[str]:
    """Return what each running session of this user plays, as its devices in one line.

    A socket that nobody answers is what a killed process left; `devicehub stop` clears it away.
    """
    return [devices for path in sockets.found() if (devices := _who(path))]


def _who(path: Path) -> str:
    import json  # noqa: PLC0415 - most often no session runs, and nothing has to be asked
    import socket  # noqa: PLC0415

    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_ANSWER_S)
        try:
            asking.connect(str(path))
            asking.sendall(b'{"op": "who"}\n')
            answer = json.loads(asking.makefile("rb").readline(_LONGEST_ANSWER))
        except ConnectionRefusedError:
            return ""
        except (OSError, ValueError):
            return "one that does not answer"
    return _AND.join(str(device) for device in answer.get("devices", ()))


def _count(number: int) -> str:
    return "1 session is" if number == 1 else f"{number} sessions are"
