"""What `devicehub doctor` looks at. Each check looks, changes nothing, and says how to mend."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devicehub.cli import status
from devicehub.cli.air import open_air, proxies_of
from devicehub.cli.person_answers import new_ledger
from devicehub.config.proxies import proxies
from devicehub.errors import HubError
from devicehub.keeper import standing
from devicehub.ledger import clock
from devicehub.ledger.repair import condition
from devicehub.massagers.own import known_massagers, load_own
from devicehub.radio import measured
from devicehub.radio.saved import name_at
from devicehub.radio.scanner import scan
from devicehub.radio.trouble import cause_of, fix_of, why
from devicehub.safety.limits import load_user
from devicehub.safety.strict import LimitsError
from devicehub.session import sockets

OK, NOTE, PROBLEM, RUNNING = "ok", "note", "problem", "may be running"

_OLDEST_PYTHON = (3, 11)
# Long enough for a radio to say that it cannot listen; nobody has to be heard.
_LISTEN_S = 0.3
_PANEL_CELLS = (80, 24)

_RIGHTS = "give it back to this user (chown, chmod u+rwx), or make space on its disk"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        what: What was looked at.
        state: ``"ok"``, ``"note"`` (nothing to mend), ``"problem"`` or ``"may be running"``.
        text: What was found.
        fix: How to mend it; empty when there is nothing to mend.
    """

    what: str
    state: str
    text: str
    fix: str = ""


def look_at_all(address: str | None) -> list[Finding]:
    """Look at everything, massagers that may be running first; `address` is a simulator's air."""
    checks: tuple[Callable[[], list[Finding]], ...] = (
        massagers,
        sessions,
        python,
        state_folder,
        ledger,
        own_limits,
        measurements,
        own_massagers,
        lambda: air(address),
        lambda: through_proxies() if address is None else [],
        terminal,
    )
    return [finding for check in checks for finding in check()]


def massagers() -> list[Finding]:
    """Name every massager whose stop nobody has confirmed, and tell those that are at play."""
    kept = standing.standing()
    unread = len(standing.unreadable())
    running = status.running_sessions() if kept else []
    found = [_standing(one, running) for one in kept]
    if unread:
        found.append(
            Finding(
                "Massager",
                RUNNING,
                f"{unread} kept in {standing.folder()} cannot be read, and may be running",
                "switch every massager off by hand, then remove what is in that folder",
            )
        )
    return found or [Finding("Massagers", OK, "every one that was played has confirmed its stop")]


def _standing(one: standing.StandingStop, running: Sequence[status.Running]) -> Finding:
    who = f"{name_at(one.address, one.name)} ({one.model})"
    if status.is_looked_for(one, running):
        text = f"{who} was lost and may be running; its session looks for it, to stop it"
        return Finding("Massager", RUNNING, text, one.advice)
    if status.is_played(one, running):
        return Finding("Massager", NOTE, f"{who} is playing; devicehub stop ends it")
    text = f"{who} may be running: no stop was confirmed"
    return Finding("Massager", RUNNING, text, f"devicehub stop. {one.advice}")


def sessions() -> list[Finding]:
    """Find sessions that run, and control sockets that a killed one left."""
    home = sockets.folder()
    if home.exists() and not sockets.is_ours(home):
        return [
            Finding(
                "Sessions",
                PROBLEM,
                f"{home} belongs to somebody else, so no session can begin",
                "have it removed, or set XDG_RUNTIME_DIR to a folder of your own",
            )
        ]
    running, lost = status.running_sessions(), sockets.unreached()
    left = len(sockets.found()) - (len(running) - len(lost))
    named = f"running: {'; '.join(map(str, running))}"
    found = [Finding("Sessions", NOTE, named)] if running else []
    if lost:
        text = f"no socket leads to the session of process {', '.join(map(str, lost))}"
        found.append(Finding("Sessions", NOTE, f"{text} any more; devicehub stop ends it"))
    if left > 0:
        text = f"{left} control socket{'s'[: left > 1]} of a session that is gone; the next stop"
        found.append(Finding("Sessions", NOTE, f"{text} clears away what it left"))
    return found or [Finding("Sessions", OK, "none is running")]


def python() -> list[Finding]:
    """Look at the version of Python."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        return [Finding("Python", OK, version)]
    return [Finding("Python", PROBLEM, version, "install Python 3.11 or newer")]


def state_folder() -> list[Finding]:
    """See whether what has to survive a restart can be written."""
    folder = standing.folder().parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        text = f"{folder}: {error.strerror or error}, so nothing can be played"
        return [Finding("State folder", PROBLEM, text, _RIGHTS)]
    return [Finding("State folder", OK, str(folder))]


def ledger() -> list[Finding]:
    """See whether what every person has received can be read."""
    try:
        found = condition(clock.now())
    except OSError as error:
        return [Finding("Ledger", PROBLEM, f"{error.filename}: {error.strerror}", _RIGHTS)]
    if found.trouble is None:
        people = "1 person" if found.people == 1 else f"{found.people} people"
        if found.locked_for_s:
            text = f"{new_ledger(found.locked_for_s)} ({people})"
            return [Finding("Ledger", NOTE, text)]
        return [Finding("Ledger", OK, f"can be read ({people})")]
    what, _, way_out = found.trouble.partition("\n")
    return [Finding("Ledger", PROBLEM, what, way_out)]


def own_limits() -> list[Finding]:
    """See whether this user's own table of limits only tightens, as it may."""
    try:
        load_user()
    except LimitsError as error:
        fix = "mend or remove it: without a table of limits that is right nothing is played"
        *others, last = str(error).splitlines()
        found = [Finding("Limits", PROBLEM, mistake) for mistake in others]
        return [*found, Finding("Limits", PROBLEM, last, fix)]
    return [Finding("Limits", OK, "the table of limits can be read")]


def measurements() -> list[Finding]:
    """Find measurements of stop tests that cannot be read, and so are not used."""
    broken = measured.broken()
    if not broken:
        return []
    text = f"{', '.join(str(path) for path in broken)}: no measurement, so it is not used"
    return [Finding("Stop tests", PROBLEM, text, "remove it, and run doctor --stop-test again")]


def own_massagers() -> list[Finding]:
    """Find massager files of this user that are wrong, and so are not used."""
    own = load_own()
    if own.mistakes:
        return [
            Finding(
                "Own massagers",
                PROBLEM,
                f"{path} is wrong, so what it describes is not known",
                f"devicehub devices check {path}",
            )
            for path in own.mistakes
        ]
    if not own.massagers:
        return []
    return [Finding("Own massagers", OK, ", ".join(own.massagers))]


def air(address: str | None) -> list[Finding]:
    """See whether massagers can be looked for."""
    what = "Bluetooth" if address is None else "Air"
    try:
        heard = asyncio.run(_heard(address))
    except HubError as error:
        if address is not None:
            return [Finding(what, PROBLEM, str(error), "start it: firmware-sim run MODEL")]
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError):
            return [_missing(what, error)]
        fix = f"{fix_of(cause_of(cause))}; simulated massagers (--device sim:MODEL) need none"
        return [Finding(what, PROBLEM, f"Bluetooth cannot be used: {why(cause)}", fix)]
    names = ", ".join(heard) if heard else "no massager heard just now"
    return [Finding(what, OK, f"can be used ({names})")]


def _missing(what: str, error: HubError) -> Finding:
    """Return the finding of an extra that is not installed; the error ends in how to install it."""
    text, _, fix = str(error).rpartition(": ")
    return Finding(what, PROBLEM, text, fix)


async def _heard(address: str | None) -> list[str]:
    async with open_air(address) as the_air:
        return [sighting.name for sighting in await scan(the_air, known_massagers(), _LISTEN_S)]


def through_proxies() -> list[Finding]:
    """See whether the Bluetooth proxies that are set can be used."""
    try:
        places = proxies()
        tried = proxies_of(places, "trying").tried if places else None
    except HubError as error:
        if isinstance(error.__cause__, ModuleNotFoundError):
            return [_missing("Proxies", error)]
        return [Finding("Proxies", PROBLEM, str(error))]
    if tried is None:
        return []
    lines = {one.place.name: one.trouble for one in asyncio.run(tried(places, 0.0))}
    return [
        Finding("Proxies", PROBLEM if trouble else OK, f"{name}: {trouble or 'can be used'}")
        for name, trouble in lines.items()
    ]


def terminal() -> list[Finding]:
    """See whether the live panel fits."""
    if not sys.stdout.isatty():
        return [Finding("Terminal", OK, "none here: plain lines instead of the panel")]
    columns, lines = shutil.get_terminal_size()
    text = f"{columns} x {lines}"
    if columns < _PANEL_CELLS[0] or lines < _PANEL_CELLS[1]:
        wanted = " x ".join(map(str, _PANEL_CELLS))
        return [Finding("Terminal", NOTE, f"{text}: the panel is cut; {wanted} shows all of it")]
    return [Finding("Terminal", OK, text)]
