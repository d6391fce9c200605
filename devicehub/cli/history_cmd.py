"""`devicehub history list`, `show` and `export`: sessions of the past. No person stands in them."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from devicehub.cli import events, text
from devicehub.cli.past import is_simulated
from devicehub.errors import UsageError
from devicehub.ledger.history import History, place
from devicehub.ledger.history_rows import Kept, Past
from devicehub.messages import EndReason

MOST_LISTED = 20
MOST_TOLD = 10
_JSON = click.option("--json", "as_json", is_flag=True, help="One object a line.")


@click.command("list")
@click.option(
    "--most", type=click.IntRange(1, 1_000_000), default=MOST_LISTED, help="How many at most."
)
@_JSON
def list_history(most: int, *, as_json: bool) -> None:
    """List past sessions, the newest first."""
    with opened() as kept:
        sessions = kept.sessions(most)
    for one in sessions:
        click.echo(json.dumps(_session(one)) if as_json else _line(one))
    if not sessions and not as_json:
        click.echo("No session yet.")


@click.command()
@click.argument("session")
@_JSON
def show(session: str, *, as_json: bool) -> None:
    """Show SESSION, its id or the beginning of it, and what happened in it."""
    with opened() as kept:
        found = [one for one in kept.sessions() if one.id.startswith(session)]
        if len(found) != 1:
            what = "more than one begins" if found else "none begins"
            raise UsageError(f"session {session!r}: {what} so; see devicehub history list")
        happened = kept.events(found[0].id)
    if as_json:
        click.echo(json.dumps(_session(found[0])))
        for one in happened:
            click.echo(json.dumps(_event(one)))
        return
    click.echo("\n".join([_line(found[0]), *_felt(found[0]), *map(_told, happened)]))


@click.command()
def export() -> None:
    """Print all sessions and all events as JSON, one object a line, the oldest first."""
    with opened() as kept:
        for session in reversed(kept.sessions()):
            click.echo(json.dumps(_session(session)))
        for one in kept.events():
            click.echo(json.dumps(_event(one)))


@contextmanager
def opened() -> Generator[History]:
    """Yield the history of this user; at the end it is told what of it made no sense."""
    kept = History.glanced_at(place())
    try:
        yield kept
    finally:
        kept.close()
        skipped = list(kept.skipped)
        more = len(skipped) - MOST_TOLD
        rest = [f"{place()}: {more} more rows are left out"] if more > 0 else []
        for line in (*skipped[:MOST_TOLD], *rest):
            click.echo(f"warning: {line}", err=True)


def _session(one: Past) -> dict[str, Any]:
    return {"kind": "session"} | asdict(one) | {"devices": list(one.devices)}


def _event(one: Kept) -> dict[str, Any]:
    now = one.happening
    said = events.event(now.event)
    return said | {
        "boot": one.boot,
        "seq": now.seq,
        "wall_s": round(now.wall_s, 3),
        "severity": now.severity.value,
        "session": now.session,
    }


def _line(one: Past) -> str:
    began = datetime.fromtimestamp(one.started_s).astimezone().strftime("%Y-%m-%d %H:%M")
    played = text.duration(float(one.summary.get("played_s", 0.0)))
    where = ", ".join(one.devices)
    simulated = " (simulated)" if is_simulated(one) else ""
    what = f"{one.profile} on {where}{simulated}"
    return f"{one.id}  {began}  {played:>9}  {one.reason:<10}  {what}"


def _felt(one: Past) -> list[str]:
    rows: list[dict[str, Any]] = one.summary.get("felt", [])
    return [
        f"  {text.zone(row['zone'])}: up to {text.percent(row['peak'])}, "
        f"{text.duration(row['seconds'])}"
        for row in rows
    ]


def _told(one: Kept) -> str:
    event = one.happening.event
    detail = _ended(event.detail) if event.name == "session_ended" else event.detail
    said = " ".join(filter(None, (event.device, event.name.replace("_", " "), detail)))
    return f"  {event.t_s:7.1f} s  {said}"


def _ended(detail: str) -> str:
    """Return in words why a session ended: its reason, and who or what stood behind it."""
    reason, _, behind = detail.partition(": ")
    if reason not in tuple(EndReason):
        return detail
    return text.end(EndReason(reason)) + (f" ({text.why(behind)})" if behind else "")
