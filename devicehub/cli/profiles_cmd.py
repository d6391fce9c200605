"""`devicehub profiles`: list, show, check and plot what can be played."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from devicehub.cli import named, svg, text
from devicehub.cli.plot import Plot, blocks, compute
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import Limits
from devicehub.session.plan import Plan
from profiles import catalogue
from profiles.errors import ProfileError
from profiles.model import Profile

_BAD_INPUT = 2
_REFUSED = 4
_TERMINAL_SLICES = 44
_MINUTE_S = 60.0


@click.group()
def profiles() -> None:
    """Profiles: list, show, check, plot."""


@profiles.command("list")
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


@profiles.command()
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


@profiles.command()
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
        for line in (*forbidden, *_unlisted(profile, limits)):
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
        for zone in (*phase.zones, *phase.way_back):
            if limits.zone(zone).forbidden:
                yield f"phase[{index}]: {zone}: refused, nothing may be massaged there"


def _unlisted(profile: Profile, limits: Limits) -> Iterator[str]:
    for index, phase in enumerate(profile.phases):
        for zone in (*phase.zones, *phase.way_back):
            known = limits.zone(zone)
            if not known.forbidden and phase.technique not in known.techniques:
                suits = ", ".join(sorted(known.techniques)) or "nothing"
                yield (
                    f"phase[{index}]: warning: {phase.technique} does not suit {zone} "
                    f"({suits} does); its cap holds anyway"
                )


@profiles.command()
@click.argument("name_or_file")
@click.option("--device", "model", required=True, metavar="MODEL", help="Model to plot it for.")
@click.option("--out", type=click.Path(path_type=Path), help="SVG file to write; - for the output.")
@click.option("--zone", help="Where a handheld is held.")
@click.option("--minutes", type=float, help="Stretch or cut the profile to this length.")
def plot(
    name_or_file: str, model: str, out: Path | None, zone: str | None, minutes: float | None
) -> None:
    """What a profile asks of a massager, what the caps let through.

    Block characters on a terminal; SVG with --out FILE, or when the output is not a terminal.
    """
    limits = safety_limits.load()
    plan = Plan(named.profile(name_or_file), zone=zone, minutes=minutes)
    plan.check(limits)
    massager = plan.place(named.massager(model), limits)
    score = plan.score(massager, limits)
    on_terminal = out is None and sys.stdout.isatty()
    drawn = compute(score, massager, limits, _TERMINAL_SLICES if on_terminal else svg.SLICES)
    for warning in score.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not drawn.lanes:
        raise SafetyRefusal(f"{model}: no motor is in any zone of {name_or_file}")
    if on_terminal:
        click.echo(_on_terminal(drawn))
    elif out is None or str(out) == "-":
        click.echo(svg.draw(drawn), nl=False)
    else:
        out.write_text(svg.draw(drawn), encoding="utf-8")
        click.echo(f"wrote {out}", err=True)


def _on_terminal(drawn: Plot) -> str:
    utf = (sys.stdout.encoding or "").lower().startswith("utf")
    titles = [text.zone(lane.zone) for lane in drawn.lanes]
    head = (
        f"{drawn.title} on {drawn.model}, {text.duration(drawn.duration_s)}; at the right the cap"
    )
    return f"{head}\n\n{blocks(drawn, titles, ascii_only=not utf)}"
