"""`devicehub start` and `devicehub tell`: words to the service of this user."""

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import click

from devicehub.cli.between import Between
from devicehub.errors import HubError, SafetyRefusal, UsageError
from devicehub.session import sockets

# A start is answered when its person and its air are there: a disk and a keeper.
ANSWER_S = 30.0
WHO_S = 5.0

_NO_SERVICE = "no service runs: devicehub serve"
_REFUSED = frozenset({"refused", "not_lower", "not_paused"})
_BAD = frozenset({"bad_request", "unknown_device", "unknown_profile", "not_playing"})
_TOLD = {
    "pause": "paused",
    "resume": "going on",
    "present": "noted: you are there",
    "moved": "noted: it is there; going on",
}


@click.command()
@click.argument("profile", required=False)
@click.option(
    "--device",
    "devices",
    metavar="ID",
    multiple=True,
    help="Which one; more than once for several.",
)
@click.option("--person", metavar="NAME", help="Who is under it; see devicehub person.")
@click.option("--zone", metavar="ZONE", help="Where the handheld is held.")
@click.option("--minutes", type=Between(0.2, 30), help="Stretch or cut the profile to this length.")
@click.option("--ceiling", type=Between(0, 1), default=1.0, help="Highest level, 0 to 1.")
@click.option("--json", "as_json", is_flag=True, help="The answer as one object.")
def start(  # noqa: PLR0913 - one parameter an option
    *,
    profile: str | None,
    devices: tuple[str, ...],
    person: str | None,
    zone: str | None,
    minutes: float | None,
    ceiling: float,
    as_json: bool,
) -> None:
    """Start PROFILE on a massager of the service, or what that massager plays by itself."""
    if profile is not None and (profile.endswith(".toml") or "/" in profile):
        profile = str(Path(profile).absolute())
    said = {"profile": profile, "person": person, "zone": zone, "minutes": minutes}
    request = {"op": "start", "devices": list(devices), "ceiling": ceiling}
    answer = _asked(request | {key: value for key, value in said.items() if value is not None})
    if as_json:
        click.echo(json.dumps(answer))
    else:
        click.echo(f"session {answer['session']} begins; stop it with: devicehub stop")


@click.command()
@click.argument("what", type=click.Choice(["pause", "resume", "present", "moved", "ceiling"]))
@click.argument("level", type=Between(0, 1), required=False)
@click.option("--device", metavar="ID", help="Which session; without it all of them.")
@click.option("--json", "as_json", is_flag=True, help="The answer as one object.")
def tell(*, what: str, level: float | None, device: str | None, as_json: bool) -> None:
    """Tell what plays on the service something: pause, resume, moved, present, a lower ceiling.

    "moved" says that a handheld is where it was asked to be, "present" that you are there.
    """
    if (what == "ceiling") != (level is not None):
        raise UsageError("tell ceiling LEVEL, from 0 to 1; nothing else takes a level")
    request: dict[str, object] = {"op": what}
    if level is not None:
        request["level"] = level
    answer = _asked(request if device is None else request | {"device": device})
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.echo(_TOLD[what] if level is None else f"the ceiling is {level:.0%}")


def _asked(request: Mapping[str, object]) -> dict[str, Any]:
    """Return the answer of the service. Raises HubError, or what belongs to the code of a no."""
    for path in sockets.found():
        if "serves" in _said(path, {"op": "who"}, WHO_S):
            answer = _said(path, request, ANSWER_S)
            _refuse(answer)
            return answer
    raise HubError(_NO_SERVICE)


def _refuse(answer: Mapping[str, Any]) -> None:
    if answer.get("ok") is True:
        return
    detail = str(answer.get("detail") or answer.get("code") or "the service does not answer")
    if answer.get("code") in _REFUSED:
        raise SafetyRefusal(detail)
    raise (UsageError if answer.get("code") in _BAD else HubError)(detail)


def _said(path: Path, request: Mapping[str, object], within_s: float) -> dict[str, Any]:
    """Return what a socket answers; nothing where it does not."""
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(within_s)
        asking.connect(str(path))
        asking.sendall(json.dumps(request).encode() + b"\n")
        answer: object = json.loads(asking.makefile("rb").readline())
        return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    return {}
