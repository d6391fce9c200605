"""`devicehub profiles list`: what can be played."""

import json

import click

from devicehub.cli import named, text, wrapping
from profiles import catalogue

_MINUTE_S = 60.0


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_profiles(as_json: bool) -> None:
    """The bundled profiles."""
    wide = max(map(len, catalogue.names()))
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
        click.echo(f"{name:<{wide}} {text.duration(profile.duration_s):>9}  {spoken}")
        click.echo(f"{'':{wide + 12}}{text.zones(profile.zones)}")
        wrapping.say(profile.summary, " " * (wide + 12))
