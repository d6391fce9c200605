"""`play --dry-run`: what would be played, and what the caps would hold back. Nothing moves."""

import json

import click

from devicehub.cli import named, text
from devicehub.cli.request import Request
from devicehub.massagers.model import Massager
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.limits import Limits
from devicehub.safety.limits import load as load_limits
from devicehub.session.plan import Plan

# The beat of the core loop, in seconds: the preview judges as often as a session would.
BEAT_S = 0.05


def show(request: Request, plan: Plan) -> None:
    """Print the plan for every simulated massager that was named."""
    limits = load_limits()
    for model in request.models:
        massager = plan.place(named.massager(model), limits)
        preview = _preview(plan, massager, limits)
        if request.as_json:
            click.echo(json.dumps(preview))
        else:
            click.echo(_lines(preview))
    if not request.models:
        click.echo(f"{plan.profile.title}: the massager is looked for when it is played.")


def _preview(plan: Plan, massager: Massager, limits: Limits) -> dict[str, object]:
    score = plan.score(massager, limits)
    asked, sent = _peaks(plan, massager, limits)
    return {
        "title": score.title,
        "model": massager.model,
        "seconds": round(score.duration_s, 3),
        "phases": [
            {
                "technique": passage.technique,
                "zones": list(passage.zones),
                "start_s": round(passage.start_s, 3),
                "end_s": round(passage.end_s, 3),
                "cue": passage.cue,
            }
            for passage in score.passages
        ],
        "zones": [
            {"zone": zone, "asked": round(asked[zone], 4), "delivered": round(sent[zone], 4)}
            for zone in sorted(asked)
        ],
        "warnings": list(score.warnings),
    }


def _peaks(
    plan: Plan, massager: Massager, limits: Limits
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the highest level asked of each zone, and the highest that would be delivered."""
    score = plan.score(massager, limits)
    places = massager.layout.places
    mount = Mount(
        massager.model,
        massager.stimulus_class,
        tuple(
            GovernedActuator(place.zones, steps, rating)
            for place, steps, rating in zip(places, massager.steps, massager.ratings, strict=True)
        ),
    )
    governor = Governor(limits, [mount], ceiling=plan.ceiling)
    governor.restart(massager.model, 0.0)
    asked = dict.fromkeys((zone for place in places for zone in place.zones), 0.0)
    sent = dict(asked)
    for beat in range(round(score.duration_s / BEAT_S) + 1):
        levels = score.at(beat * BEAT_S).levels
        (frame,) = governor.judge([levels], beat * BEAT_S)
        governor.sent(frame, beat * BEAT_S)
        for place, level, step, of in zip(places, levels, frame.steps, frame.of, strict=True):
            for zone in place.zones:
                asked[zone] = max(asked[zone], level)
                sent[zone] = max(sent[zone], step / of)
    return asked, sent


def _lines(preview: dict[str, object]) -> str:
    lines = [
        f"{preview['title']} on {preview['model']}: nothing moves, this is what would be played"
    ]
    phases = preview["phases"]
    if isinstance(phases, list):
        lines += [
            f"  {text.clock(p['start_s'])}  {text.technique(p['technique'])}: {text.zones(p['zones'])}"
            for p in phases
        ]
    zones = preview["zones"]
    if isinstance(zones, list):
        lines += [
            f"  {text.zone(z['zone'])}: asks up to {text.percent(z['asked'])}, "
            f"delivers up to {text.percent(z['delivered'])}"
            for z in zones
            if z["asked"] > 0.0
        ]
    warnings = preview["warnings"]
    if isinstance(warnings, list):
        lines += [f"  note: {warning}" for warning in warnings]
    return "\n".join(lines)
