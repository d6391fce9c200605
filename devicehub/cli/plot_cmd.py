"""`devicehub profiles plot`: a profile on a massager, as SVG or in block characters."""

import shutil
import sys
from pathlib import Path

import click

from devicehub.cli import blocks, named, svg, svg_map, wrapping
from devicehub.cli.plot import compute
from devicehub.cli.profiles_write import write_over
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.safety import limits as safety_limits
from devicehub.session.plan import Plan

_FEWEST_SLICES = 20


@click.command()
@click.argument("name_or_file")
@click.option("--device", "model", required=True, metavar="MODEL", help="Model to plot it for.")
@click.option("--out", type=click.Path(path_type=Path), help="SVG file to write; - for the output.")
@click.option("--zone", help="Where a handheld is held.")
@click.option("--minutes", type=float, help="Stretch or cut the profile to this length.")
@click.option(
    "--map", "heat", type=click.Choice(["dose", "peak"]), help="As a map of the back, in SVG."
)
def plot(
    *,
    name_or_file: str,
    model: str,
    out: Path | None,
    zone: str | None,
    minutes: float | None,
    heat: str | None,
) -> None:
    """What a profile asks of a massager, what the caps let through.

    Block characters on a terminal; SVG with --out FILE, or when the output is not a terminal. With
    --map what every place of the back received, in SVG: its dose, or its highest level.
    """
    seen = out is None and sys.stdout is not None and sys.stdout.isatty()
    if seen and heat is not None:
        raise UsageError(f"--map {heat}: a map is SVG, not for a terminal; give --out FILE.svg")
    limits = safety_limits.load()
    plan = Plan(named.profile(name_or_file), zone=zone, minutes=minutes)
    plan.check(limits)
    massager = plan.place(named.massager(model), limits)
    score = plan.score(massager, limits)
    screen = sys.stdout if seen else None
    drawn = compute(score, massager, limits, _slices_of_terminal() if screen else svg.SLICES)
    for warning in score.warnings:
        wrapping.say(warning, "warning: ", err=True)
    if not drawn.lanes:
        raise SafetyRefusal(f"{model}: no motor is in any zone of {name_or_file}")
    if screen:
        utf = (screen.encoding or "").lower().startswith("utf")
        click.echo(blocks.draw(drawn, ascii_only=not utf))
        return
    picture = svg.draw(drawn) if heat is None else svg_map.draw(drawn, heat)
    if out is None or str(out) == "-":
        click.echo(picture, nl=False)
    else:
        write_over(out, picture)


def _slices_of_terminal() -> int:
    columns = shutil.get_terminal_size().columns
    return max(_FEWEST_SLICES, min(columns - blocks.LABEL_CELLS - blocks.TAIL_CELLS, svg.SLICES))
