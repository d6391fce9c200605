"""`play --dry-run`: what would be played, and what the caps would hold back. Nothing moves."""

import asyncio
import json

import click

from devicehub.cli import text
from devicehub.cli.accounts import glanced_at
from devicehub.cli.plot import Plot, play_through
from devicehub.cli.request import Request
from devicehub.cli.wrapping import fitted
from devicehub.massagers.mounting import mount
from devicehub.safety.mount import Mount
from devicehub.session.account import Account
from devicehub.session.assembling import govern, refuse_early
from devicehub.session.plan import Plan

# Peaks are read from slices of the session; so many keep every peak and cost nothing.
SLICES = 200
# What the sensor of a heat pad says before it was on.
_ROOM_C = 22.0
_BEGINS_S = 60.0


def show(request: Request, plan: Plan) -> None:
    """Print the plan for every simulated massager that was named."""
    account = asyncio.run(glanced_at(request.person))
    refuse_early(plan, account)
    if not request.models:
        click.echo(f"{plan.profile.title}: the massager is looked for when it is played.")
        return
    placed = plan.place_all(request.massagers, account.limits)
    parts = {name: (each, plan.score(each, account.limits)) for name, each in placed.items()}
    duration_s = max(score.duration_s for _, score in parts.values())
    mounts = [mount(name, each, heat=plan.heat) for name, each in placed.items()]
    governor = govern(plan, account, mounts, duration_s)
    plots = play_through(parts, governor, SLICES)
    for each, plot, (_, score) in zip(mounts, plots, parts.values(), strict=True):
        heat = _heat(each, plan, account)
        if request.as_json:
            click.echo(json.dumps(_object(plot, score.warnings, heat)))
        else:
            click.echo(fitted(_lines(plot, score.warnings, heat)))


def _heat(mounted: Mount, plan: Plan, account: Account) -> str | None:
    """Return whether the heat pad would be on when the session begins; None if there is none."""
    if mounted.pad is None:
        return None
    governor = govern(plan, account, [mounted], _BEGINS_S)
    governor.grant(_BEGINS_S)
    governor.heat.read(mounted.device, _ROOM_C, 0.0)
    governor.judge([[0.0] * len(mounted.actuators)], 0.0)
    why = governor.heat.why_off(mounted.device)
    return f"refused because {why}" if why else "on"


def _object(plot: Plot, warnings: tuple[str, ...], heat: str | None) -> dict[str, object]:
    said: dict[str, object] = {} if heat is None else {"heat": heat}
    return said | {
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


def _lines(plot: Plot, warnings: tuple[str, ...], heat: str | None) -> str:
    length = text.duration(plot.duration_s)
    lines = [f"{plot.title} on {plot.model}, {length}: what would be played; nothing moves"]
    for passage in plot.passages:
        what = text.technique(passage.technique)
        lines.append(f"  {text.clock(passage.start_s)}  {what}: {text.zones(passage.zones)}")
    lines += [
        f"  {text.zones(zones, most=len(zones))}: {levels}"
        for levels, zones in _levels(plot).items()
    ]
    lines += [f"  heat: {heat}"] if heat is not None else []
    lines += [f"  note: {warning}" for warning in warnings]
    return "\n".join(lines)


def _levels(plot: Plot) -> dict[str, list[str]]:
    """Return what is asked and delivered, in words, with the zones of which it is true."""
    zones: dict[str, list[str]] = {}
    for lane in plot.lanes:
        levels = (
            f"asks up to {text.percent(max(lane.asked))}, "
            f"delivers up to {text.percent(max(lane.peaks))}, cap {text.percent(lane.cap)}"
        )
        zones.setdefault(levels, []).append(lane.zone)
    return zones
