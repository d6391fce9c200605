"""`devicehub profiles export`: a profile as a file of other people's tools."""

from collections.abc import Sequence
from pathlib import Path

import click

from devicehub.cli import named, svg, wrapping
from devicehub.cli.plot import compute
from devicehub.cli.profiles_write import write_over
from devicehub.errors import UsageError
from devicehub.massagers.model import Massager
from devicehub.safety import limits as safety_limits
from devicehub.session.plan import Plan
from profiles.compose import compose
from profiles.exchange import ahap, haptic, table
from profiles.exchange.sampling import ONE_MOTOR, Samples, sampled
from profiles.model import Profile

_FORMATS = ("haptic", "ahap", "csv", "svg")


@click.command()
@click.argument("name_or_file")
@click.option("--to", "form", type=click.Choice(_FORMATS), required=True, help="Which format.")
@click.option("--device", "model", metavar="MODEL", help="Laid out for it; else for one motor.")
@click.option("--zone", help="Of the motors there; for a handheld: held there.")
@click.option("--minutes", type=float, help="Stretch or cut the profile to this length.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; else the output.")
def export(
    *,
    name_or_file: str,
    form: str,
    model: str | None,
    zone: str | None,
    minutes: float | None,
    out: Path | None,
) -> None:
    """Write what a profile asks for, before any cap, in the format of other tools.

    haptic and ahap hold one curve, the strongest motor at each instant; csv has all motors too;
    svg is the picture of profiles plot.
    """
    profile = named.profile(name_or_file)
    if model is not None:
        text = _of_massager(form, profile, named.massager(model), zone, minutes)
    elif zone is not None or form == "svg":
        option = "--to svg" if zone is None else f"--zone {zone}"
        raise UsageError(f"{option}: say for which massager, --device MODEL")
    else:
        text = _told(form, profile, sampled(compose(profile, ONE_MOTOR, minutes=minutes)))
    if out is None:
        click.echo(text, nl=False)
        return
    write_over(out, text)


def _of_massager(
    form: str, profile: Profile, massager: Massager, zone: str | None, minutes: float | None
) -> str:
    """Return the profile as it is laid out for `massager`; what it cannot do is told."""
    limits = safety_limits.load()
    plan = Plan(profile, zone=zone if massager.needs_zone else None, minutes=minutes)
    plan.check(limits)
    placed = plan.place(massager, limits)
    score = plan.score(placed, limits)
    for warning in score.warnings:
        wrapping.say(warning, "warning: ", err=True)
    if form == "svg":
        return svg.draw(compute(score, placed, limits, svg.SLICES))
    felt = plan.score(placed, limits, as_felt=True)
    return _told(form, profile, sampled(felt), _motors(placed, zone))


def _motors(massager: Massager, zone: str | None) -> list[int]:
    """Return the motors that are felt in `zone`, or all of them."""
    places = massager.layout.places
    motors = [place.index for place in places if zone is None or zone in place.zones]
    if not motors:
        raise UsageError(f"--zone {zone}: {massager.model} has no motor there")
    return motors


def _told(form: str, profile: Profile, samples: Samples, motors: Sequence[int] = (0,)) -> str:
    if form == "csv":
        return table.write(samples)
    writes = {"haptic": haptic.write, "ahap": ahap.write}
    return writes[form](samples.mixed(motors), profile.title, profile.summary)
