"""`devicehub profiles plot`: a profile on a massager, as SVG or in block characters."""

import sys
from pathlib import Path

import click

from devicehub.cli import named, svg, text
from devicehub.cli.plot import Plot, blocks, compute
from devicehub.errors import SafetyRefusal
from devicehub.safety import limits as safety_limits
from devicehub.session.plan import Plan

_TERMINAL_SLICES = 44


@click.command()
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
