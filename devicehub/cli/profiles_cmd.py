"""`devicehub profiles`: list and show what can be played."""

import json

import click

from devicehub.cli import named, text
from profiles import catalogue

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
