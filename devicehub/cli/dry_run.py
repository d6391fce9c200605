"""`play --dry-run`: what would be played, and what the caps would hold back. Nothing moves."""

import json

import click

from devicehub.cli import text
from devicehub.cli.plot import Plot, compute
from devicehub.cli.request import Request
from devicehub.safety.limits import load as load_limits
from devicehub.session.plan import Plan

# Peaks are read from slices of the session; so many keep every peak and cost nothing.
SLICES = 200


def show(request: Request, plan: Plan) -> None:
    """Print the plan for every simulated massager that was named."""
    limits = load_limits()
    if not request.models:
        click.echo(f"{plan.profile.title}: the massager is looked for when it is played.")
        return
    for massager in plan.place_all(request.massagers, limits).values():
        score = plan.score(massager, limits)
        plot = compute(score, massager, limits, SLICES, ceiling=plan.ceiling)
        if request.as_json:
            click.echo(json.dumps(_object(plot, score.warnings)))
        else:
            click.echo(_lines(plot, score.warnings))


def _object(plot: Plot, warnings: tuple[str, ...]) -> dict[str, object]:
    return {
        "title": plot.title,
        "model": plot.model,
        "seconds": round(plot.duration_s, 3),
        "phases": [
            {
                "technique": passage.technique,
                "zones": list(passage.zones),
                "start_s": round(passage.start_s, 3),
                "end_s": round(passage.end_s, 3),
                "cue": passage.cue,
            }
            for passage in plot.passages
        ],
        "zones": [
            {
                "zone": lane.zone,
                "cap": round(lane.cap, 4),
                "asked": round(max(lane.asked), 4),
                "delivered": round(max(lane.peaks), 4),
            }
            for lane in plot.lanes
        ],
        "warnings": list(warnings),
    }


def _lines(plot: Plot, warnings: tuple[str, ...]) -> str:
    length = text.duration(plot.duration_s)
    lines = [f"{plot.title} on {plot.model}, {length}: what would be played; nothing moves"]
    for passage in plot.passages:
        what = text.technique(passage.technique)
        lines.append(f"  {text.clock(passage.start_s)}  {what}: {text.zones(passage.zones)}")
    lines += [
        f"  {text.zone(lane.zone)}: asks up to {text.percent(max(lane.asked))}, "
        f"delivers up to {text.percent(max(lane.peaks))}, cap {text.percent(lane.cap)}"
        for lane in plot.lanes
    ]
    lines += [f"  note: {warning}" for warning in warnings]
    return "\n".join(lines)
