"""`devicehub history report`: the last days, in words, as JSON, as a table, as a picture.

The history knows no persons. Who is named gets what the ledger knows of their last 24 hours too.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from devicehub.cli import svg_days, text
from devicehub.cli.history_cmd import opened
from devicehub.cli.profiles_write import write_over
from devicehub.cli.reporting import Ended, Report, report_of
from devicehub.errors import UsageError
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.messages import EndReason

DAYS = 7
_BY_YOU = {each.value: text.end(each) for each in EndReason}
_ZONE_CELLS = 36


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 366), default=DAYS, help="How many, today among them."
)
@click.option("--person", metavar="NAME", help="Adds what NAME has received within 24 hours.")
@click.option(
    "--svg",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draws minutes by day and zone into FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.option("--csv", "as_csv", is_flag=True, help="A row for each day and zone.")
def report(
    *, days: int, person: str | None, picture: Path | None, as_json: bool, as_csv: bool
) -> None:
    """Sum up the last days: sessions, minutes by zone, discomfort, and why sessions ended."""
    if as_csv and (as_json or person is not None):
        raise UsageError("--csv: is days and zones alone; leave --json and --person out")
    named, received = (None, {}) if person is None else _received(person)
    with opened() as kept:
        found = report_of(kept.sessions(), kept.events(), days, clock.now().wall_s)
    if picture is not None:
        _draw(picture, found)
    if as_csv:
        click.echo(_table(found), nl=False)
    elif as_json:
        about = {} if named is None else {"person": {"name": named, "zones_24h_s": received}}
        click.echo(json.dumps(_object(found) | about, ensure_ascii=False))
    else:
        click.echo("\n".join((*_lines(found), *_person_lines(named, received))))


def _received(person: str) -> tuple[str, dict[str, float]]:
    """Return a person's name, and the seconds that each zone received in 24 h, of the larger side.

    Raises:
        SafetyRefusal: Nobody is called so, or the ledger cannot be read.
    """
    with closing(Ledger.copied()) as ledger:
        name = ledger.person(person).name
        places = ledger.past(name, clock.now()).exposure.places
    zones: dict[str, float] = {}
    for (zone, _), each in places.items():
        zones[zone] = max(zones.get(zone, 0.0), round(each.seconds, 1))
    return name, dict(sorted(zones.items(), key=lambda row: (-row[1], row[0])))


def _draw(file: Path, found: Report) -> None:
    try:
        write_over(file, svg_days.draw(found))
    except OSError as error:
        raise UsageError(f"--svg {file}: {error.strerror or error}") from None


def _lines(found: Report) -> Iterator[str]:
    first, last = found.days[0].day, found.days[-1].day
    span = f"{first:%a} {first}" if first == last else f"{first:%a} {first} to {last:%a} {last}"
    if not found.sessions:
        yield f"{span}: no session."
        return
    simulated = f" ({found.simulated} simulated)" if found.simulated else ""
    played = text.duration(found.played_s)
    yield f"{span}: {_sessions(found.sessions)}{simulated}, {played} played"
    yield ""
    for day in found.days:
        if day.sessions:
            played = text.duration(day.played_s)
            yield f"  {day.day:%a} {day.day}  {_sessions(day.sessions):<12}{played:>10}"
    yield ""
    yield "Where (one motor may be felt in several zones)"
    for zone in found.zones:
        name = f"{text.zone(zone.zone):<{_ZONE_CELLS}}"
        level = f"up to {text.percent(zone.peak)}"
        yield f"  {name}{text.duration(zone.seconds):>10}  {level:<11}  {_sessions(zone.sessions)}"
    yield ""
    yield f"Comfort: {_comfort(found)}"
    yield "Ended: " + "; ".join(map(_ended, found.ends))
    if found.unconfirmed:
        yield f"STOP NOT CONFIRMED at the end of {_sessions(found.unconfirmed)}"


def _comfort(found: Report) -> str:
    if not found.mild and not found.discomfort:
        return "nothing was said to be uncomfortable"
    said = f"said to be uncomfortable {found.mild} time{'' if found.mild == 1 else 's'}"
    return f"{said}; {_sessions(found.discomfort)} ended by it"


def _ended(one: Ended) -> str:
    how = _BY_YOU.get(one.reason, "not known how")
    plain = one.reason == EndReason.COMPLETED or not one.detail
    return f"{one.sessions} {how}" + ("" if plain else f" ({text.why(one.detail)})")


def _person_lines(person: str | None, received: Mapping[str, float]) -> Iterator[str]:
    if person is None:
        return
    yield ""
    yield f"{person}, within 24 hours" + ("" if received else ": nothing")
    for zone, seconds in received.items():
        yield f"  {text.zone(zone):<{_ZONE_CELLS}}{text.duration(seconds):>10}"


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _object(found: Report) -> dict[str, Any]:
    return {
        "from": str(found.days[0].day),
        "to": str(found.days[-1].day),
        "sessions": found.sessions,
        "simulated": found.simulated,
        "played_s": round(found.played_s, 1),
        "days": [
            {
                "day": str(day.day),
                "sessions": day.sessions,
                "played_s": round(day.played_s, 1),
                "zones_s": {zone: round(s, 1) for zone, s in sorted(day.zones.items())},
            }
            for day in found.days
        ],
        "zones": [
            {
                "zone": one.zone,
                "seconds": round(one.seconds, 1),
                "peak": round(one.peak, 4),
                "sessions": one.sessions,
            }
            for one in found.zones
        ],
        "comfort": {"mild": found.mild, "sessions_ended": found.discomfort},
        "ends": [
            {"reason": one.reason, "detail": one.detail, "sessions": one.sessions}
            for one in found.ends
        ],
        "stops_unconfirmed": found.unconfirmed,
    }


def _table(found: Report) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["day", "zone", "minutes"])
    for day in found.days:
        for zone, seconds in sorted(day.zones.items()):
            rows.writerow([str(day.day), zone, f"{seconds / 60:.2f}"])
    return out.getvalue()
