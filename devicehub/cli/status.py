"""`devicehub` without a command: what is running, and what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devicehub.keeper.standing import StandingStop, standing
from devicehub.radio.saved import name_at, names_at
from devicehub.session import sockets

_ANSWER_S = 0.3  # a session answers between two beats of 50 ms
_LONGEST_ANSWER = 4096
_SAID = ("devices", "looked_for", "names", "serves", "sessions")

_NEXT = (
    ("devicehub play taster --device sim:reference-cape", "90 seconds, no hardware needed"),
    ("devicehub profiles list", "what can be played"),
    ("devicehub scan", "massagers in range"),
)
_NEXT_SERVED = (
    ("devicehub start taster", "play it on a massager of the service"),
    ("devicehub profiles list", "what can be played"),
    ("devicehub history list", "what was played"),
)
_NEXT_RUNNING = (
    ("devicehub stop", "stop the motors now"),
    ("devicehub profiles list", "what can be played"),
    ("devicehub scan", "massagers in range"),
)


@dataclass(frozen=True, slots=True)
class Running:
    """What a running session says of itself; one that says nothing has no `devices`.

    Attributes:
        devices: Its massagers, as they were asked for.
        looked_for: Those of them that were lost, may be running, and are looked for.
        names: Whatever else they may be called.
        serves: All that a service serves; a session of `play` serves none.
        sessions: The ids of those that a service plays; `play` is one without.
        now: What plays and for how long still, a line for each that has begun.
    """

    devices: tuple[str, ...] = ()
    looked_for: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @property
    def plays(self) -> bool:
        """Whether something plays; one that says nothing may."""
        return bool(self.devices) or not self.serves

    def __str__(self) -> str:
        """Return its massagers in one line."""
        if not self.devices and self.serves:
            return "a service on which nothing plays"
        return ", ".join(self.devices) or "one that does not answer"


def text() -> str:
    """Return what may be running, what plays, and the three most useful next commands."""
    every = running_sessions()
    running = [one for one in every if one.plays]
    if running:
        count = sum(len(one.sessions) or 1 for one in running)
        head = f"{_count(count)} running: {'; '.join(map(str, running))}"
    else:
        head = "No session is running."
    alarms = alarms_of(running)
    served = [f"A service serves {', '.join(one.serves)}." for one in every if one.serves]
    playing = [f"  {line}" for one in running for line in one.now]
    head = "\n".join([*alarms, head, *playing, *served])
    commands = _NEXT_RUNNING if running or alarms else _NEXT_SERVED if served else _NEXT
    width = max(len(command) for command, _ in commands)
    lines = [f"  {command:<{width}}  {what}" for command, what in commands]
    return "\n".join([head, "", "Next:", *lines, "", "All commands: devicehub --help"])


def alarms_of(running: Sequence[Running]) -> list[str]:
    """Return a line for each massager that may be running and that no session plays.

    Args:
        running: The running sessions, as `running_sessions` returns them.
    """
    return [
        f"{name_at(kept.address, kept.name)} may be running: "
        f"{'its session looks for it' if found else 'devicehub stop'}\n"
        f"  {kept.advice}"
        for kept in standing()
        if (found := is_looked_for(kept, running)) or not is_played(kept, running)
    ]


def is_played(kept: StandingStop, running: Sequence[Running]) -> bool:
    """Say whether one of the sessions in `running` plays a massager that has a standing stop."""
    return _is_named(kept, [name for each in running for name in (*each.devices, *each.names)])


def is_looked_for(kept: StandingStop, running: Sequence[Running]) -> bool:
    """Say whether one of them has lost it, and looks for it to stop it."""
    return _is_named(kept, [name for each in running for name in each.looked_for])


def _is_named(kept: StandingStop, names: Collection[str]) -> bool:
    folded = {name.casefold() for name in names}
    own = names_at(kept.address)
    return not folded.isdisjoint(map(str.casefold, (kept.name, kept.address, *own)))


def running_sessions() -> list[Running]:
    """Return what each running session of this user plays.

    A socket that nobody answers is what a killed process left; `devicehub stop` clears it away.
    """
    asked = [_who(path) for path in sockets.found()]
    return [*filter(None, asked), *(Running() for _ in sockets.unreached())]


def _who(path: Path) -> Running | None:
    import json  # noqa: PLC0415 - most often no session runs, and nothing has to be asked
    import socket  # noqa: PLC0415

    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_ANSWER_S)
        try:
            asking.connect(str(path))
            asking.sendall(b'{"op": "who"}\n')
            answer = json.loads(asking.makefile("rb").readline(_LONGEST_ANSWER))
            said = (tuple(map(str, answer.get(key, ()))) for key in _SAID)
            serves, plays = bool(answer.get("serves")), answer.get("plays", ())
            return Running(*said, now=tuple(told(one, serves=serves) for one in plays))
        except ConnectionRefusedError:
            return None
        except (OSError, ValueError, AttributeError, TypeError, LookupError, RecursionError):
            return Running()


def told(plays: Mapping[str, Any], *, serves: bool) -> str:
    """Return what one session plays, and how long still."""
    from devicehub.cli.text import duration  # noqa: PLC0415 - only where something plays

    left = duration(float(str(plays["left_s"])))
    state = "" if plays["state"] == "playing" else f"{plays['state']}, "
    asks = f"; {plays['asks']}" if plays.get("asks") else ""
    if serves and plays.get("places"):
        asks = f"; {_asked(plays['places'])}"
    return f"{plays['title']}: {state}{left} left{asks}"


def _asked(places: Mapping[str, Sequence[str]]) -> str:
    """Return in this user's language where handhelds have to be moved, and how that is said."""
    from devicehub.cli.language import usual  # noqa: PLC0415 - only where something is asked
    from devicehub.i18n.words import Words  # noqa: PLC0415 - as above

    words = Words.of(usual())
    moves = [
        words.word("move_to", device=device, zones=", ".join(map(words.within, zones)))
        for device, zones in places.items()
    ]
    return f"{'; '.join(moves)} ({words.word('then_say')} devicehub tell moved)"


def _count(number: int) -> str:
    return "1 session is" if number == 1 else f"{number} sessions are"
