"""`devicehub profiles`: list, show and check what can be played."""

import json
from collections.abc import Iterator

import click

from devicehub.cli import named, text
from devicehub.errors import UsageError
from devicehub.safety import limits as safety_limits
from devicehub.safety import placement
from devicehub.safety.limits import Limits
from profiles import catalogue
from profiles.errors import ProfileError
from profiles.model import Profile

_BAD_INPUT = 2
_REFUSED = 4
_MINUTE_S = 60.0


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_profiles(as_json: bool) -> None:
    """The bundled profiles."""
    for name in catalogue.names():
        profile = named.profile(name)
        techniques = list(dict.fromkeys(phase.technique for phase in profile.phases))
        if as_json:
            row = {
                "name": name,
                "title": profile.title,
                "minutes": round(profile.duration_s / _MINUTE_S, 2),
                "techniques": techniques,
                "zones": list(profile.zones),
                "summary": profile.summary,
            }
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        spoken = ", ".join(text.technique(technique) for technique in techniques)
        click.echo(f"{name:<14} {text.duration(profile.duration_s):>9}  {spoken}")
        click.echo(f"{'':26}{text.zones(profile.zones)}")
        click.echo(f"{'':26}{profile.summary}")


@click.command()
@click.argument("name_or_file")
@click.option("--json", "as_json", is_flag=True, help="The whole profile as one JSON object.")
def show(name_or_file: str, as_json: bool) -> None:
    """One profile, phase by phase."""
    profile = named.profile(name_or_file)
    if as_json:
        shown = profile.model_dump(mode="json", by_alias=True, exclude_none=True)
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{profile.title}, {text.duration(profile.duration_s)}, {profile.posture}")
    click.echo(profile.summary)
    for number, phase in enumerate(profile.phases, 1):
        low, high = phase.level
        level = text.percent(low) if low == high else f"{text.percent(low)} to {text.percent(high)}"
        click.echo()
        click.echo(
            f"{number}. {text.technique(phase.technique)}, {text.duration(phase.duration_s)}, "
            f"level {level}"
        )
        click.echo(f"   {text.zones(phase.zones, most=len(phase.zones))}")
        if phase.way_back:
            click.echo(f"   and back over {text.zones(phase.way_back, most=len(phase.way_back))}")
        if phase.cue:
            click.echo(f'   "{phase.cue}"')


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> int:
    """Name every mistake in profile FILEs.

    Exit code 2 when a file has mistakes; 4 when nothing is wrong but a forbidden zone is named.
    """
    limits = safety_limits.load()
    code = 0
    for file in files:
        try:
            profile = named.profile(file)
        except (ProfileError, UsageError) as error:
            click.echo(str(error), err=True)
            code = _BAD_INPUT
            continue
        forbidden = list(_forbidden(profile, limits))
        for line in (*forbidden, *_unsuited(profile, limits)):
            click.echo(f"{file}: {line}", err=True)
        if forbidden:
            code = code or _REFUSED
        else:
            click.echo(f"{file}: ok, {_in_short(profile)}")
    return code


def _in_short(profile: Profile) -> str:
    count = len(profile.phases)
    return f"{text.duration(profile.duration_s)}, {count} {'phase' if count == 1 else 'phases'}"


def _forbidden(profile: Profile, limits: Limits) -> Iterator[str]:
    for index, phase in enumerate(profile.phases):
        for zone in placement.forbidden((*phase.zones, *phase.way_back), limits):
            yield f"phase[{index}]: {zone}: refused, nothing may be massaged there"


def _unsuited(profile: Profile, limits: Limits) -> Iterator[str]:
    for index, phase in enumerate(profile.phases):
        zones = (*phase.zones, *phase.way_back)
        barred = placement.forbidden(zones, limits)
        for zone in placement.unsuited(phase.technique, zones, limits):
            if zone not in barred:
                suits = ", ".join(sorted(limits.zone(zone).techniques))
                yield (
                    f"phase[{index}]: warning: {phase.technique} does not suit {zone}, "
                    f"{suits} does; its cap holds anyway"
                )
