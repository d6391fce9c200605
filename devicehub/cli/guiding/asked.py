"""Asked: the options of `play --device guide`, those that do not fit refused."""

from collections.abc import Mapping
from typing import Any

import click

from devicehub.cli import named
from devicehub.cli.guiding.run import GUIDE, GuideRequest, run, show
from devicehub.cli.guiding.telling import Manner
from devicehub.cli.request import speed_of
from devicehub.errors import UsageError

_ONLY_MASSAGERS = {
    "zones": "--zone",
    "heat": "--heat",
    "address": "--air",
    "tape": "--tape",
    "mqtt": "--mqtt",
    "watch": "--watch",
}
_HANDS, _OTHERS = "hands", ("roller", "pillow")


def play_guide(options: Mapping[str, Any]) -> int:
    """Play a guide as the options of `devicehub play` say; return the exit code.

    Raises:
        UsageError: An option makes no sense without a massager, or there is one too.
    """
    if len(options["devices"]) > 1:
        raise UsageError(f"--device {GUIDE}: tells hands what to do; leave the other devices out")
    wrong = [option for name, option in _ONLY_MASSAGERS.items() if options[name]]
    wrong += ["--ceiling"] * (options["ceiling"] != 1.0)
    if wrong:
        raise UsageError(f"{wrong[0]}: --device {GUIDE} drives nothing; leave it out")
    request = GuideRequest(
        profile=options["profile"],
        tool=options["tool"] or _usual_tool(options["profile"]),
        minutes=options["minutes"],
        person=options["person"],
        manner=manner_of(options),
    )
    if options["dry_run"]:
        click.echo(show(request))
        return 0
    return run(request, prepared=options["yes"])


def _usual_tool(profile: str) -> str:
    """Return what a profile was written for where that is one tool alone, else hands."""
    suits = set(named.profile(profile).suits)
    return next((tool for tool in _OTHERS if suits == {tool}), _HANDS)


def manner_of(options: Mapping[str, Any]) -> Manner:
    """Return how a guide is told, from the options of a command line that have it."""
    return Manner(
        language=options["language"],
        speed=speed_of(options["speed"]),
        virtual=options["speed"] is not None,
        speak=options["speak"],
        bell=options["bell"],
        as_json=options["as_json"],
    )
