"""`devicehub person show`: what is kept of one person, and what their day has left."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli import text
from devicehub.cli.accounts import firsts_of
from devicehub.cli.person_answers import (
    Answered,
    age,
    answered,
    hours,
    limits_of,
    new_ledger,
    taken,
)
from devicehub.i18n.words import Words
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import in_session
from devicehub.ledger.people import Person
from devicehub.safety.admission import refusals
from devicehub.safety.limits import Limits
from devicehub.safety.past import NOTHING_YET, Past, Place, Received

_BAR_CELLS = 24
_PLACE_CELLS = 36
_TITLE_CELLS = 11
_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a person.

    Attributes:
        person: Who it is.
        answered: What their answers mean.
        past: What they have received; nothing is told of it while nobody plays.
        locked_s: How long nobody plays yet on a ledger that replaces a lost one; else 0.
        in_session: Whether a session of theirs is open.
        waits: Why the next session has to wait, one sentence each.
        first_left: How many of their sessions are still among the first ones, which are softer.
        parts: By place, the part 0..1 of the day's limit that is used, of seconds or of dose,
            whichever is more.
    """

    person: Person
    answered: Answered
    past: Past
    locked_s: float
    in_session: bool
    waits: tuple[str, ...]
    first_left: int
    parts: dict[Place, float]


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(name: str, as_json: bool) -> None:
    """What is kept of NAME, and what the last 24 h have left."""
    now = clock.now()
    with Ledger.open() as ledger:
        person = ledger.person(name)
        limits = limits_of(person)
        locked_s = ledger.locked_for_s(now)
        past = NOTHING_YET if locked_s else ledger.past(name, now)
        said = answered(ledger, person, limits, now)
    waits = refusals(limits, past, said.restrictions, (), person.name)
    if locked_s:
        waits = (new_ledger(locked_s),)
    shown = Shown(
        person,
        said,
        past,
        locked_s,
        in_session(person.name),
        waits,
        firsts_of(person.name).left(),
        _parts(limits, past),
    )
    if as_json:
        click.echo(json.dumps(_row(shown), ensure_ascii=False))
        return
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    console = Console(highlight=False)
    for line in _lines(shown, g.ASCII if ascii_only else g.UNICODE):
        console.print(line, soft_wrap=True)


def _parts(limits: Limits, past: Past) -> dict[Place, float]:
    """Return, for each place, the part of its day that is used up."""
    classes = tuple(past.exposure.class_s) or limits.classes
    return {
        place: max(_part(limits, place[0], name, received) for name in classes)
        for place, received in past.exposure.places.items()
    }


def _part(limits: Limits, zone: str, stimulus_class: str, received: Received) -> float:
    caps = limits.caps(zone, stimulus_class)
    budget = caps.max_intensity**2 * caps.max_daily_s
    if not budget:
        return 1.0
    return min(1.0, max(received.seconds / caps.max_daily_s, received.dose / budget))


def _lines(shown: Shown, glyphs: g.Glyphs) -> Iterator[Text]:
    person, past = shown.person, shown.past
    yield Text(person.name, "bold")
    yield Text(f"  ceiling    {text.percent(person.ceiling)}")
    yield Text(f"  questions  {age(shown.answered.ago_s)}")
    if person.table is not None:
        yield Text("  limits     their own table tightens them")
    if not shown.locked_s:
        yield Text(f"  sessions   {_sessions(shown)}")
    if shown.first_left and not shown.locked_s:
        yield Text(f"  first      every cap is halved, sessions left: {shown.first_left}")
    yield from map(Text, _next(shown))
    if shown.parts:
        yield Text()
        yield Text("Used of the day, by place")
    for place, part in sorted(shown.parts.items(), key=lambda each: (-each[1], each[0])):
        received = past.exposure.places[place]
        name = f"  {_place(place)}"
        yield Text.assemble(
            f"{name:<{_PLACE_CELLS}}"[:_PLACE_CELLS],
            g.bar(part, part, 1.0, _BAR_CELLS, glyphs),
            f" {text.percent(part):>4}  {text.duration(received.seconds)}",
        )


def _next(shown: Shown) -> Iterator[str]:
    """Yield whether a session may begin and with what less; "next" only if one is possible."""
    said = shown.answered
    if said.refused:
        yield from _block("session", (*said.refused, *shown.waits))
        return
    yield from _block("with less", tuple(taken(said.restrictions, Words.of("en"))))
    if shown.in_session:
        yield from _block("next", ("a session is open; when that has ended, this says when",))
    else:
        yield from _block("next", shown.waits or ("may begin at any time",))


def _block(title: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield lines under one title, which stands beside the first."""
    for at, line in enumerate(lines):
        yield f"  {'' if at else title:<{_TITLE_CELLS}}{line}"


def _place(place: Place) -> str:
    """Return a place in words; a zone with one side alone needs none."""
    zone, side = place
    return f"{text.zone(zone)}, {side}" if side in _SIDES else text.zone(zone)


def _sessions(shown: Shown) -> str:
    past = shown.past
    if shown.in_session and not past.sessions:
        return "one is open now"
    if past.last_ended_ago_s is None:
        return "none within 24 h"
    last = f"the last one ended {hours(past.last_ended_ago_s)} ago"
    return (
        f"{past.sessions} within 24 h, {text.duration(past.exposure.active_s)} active, "
        f"{'one is open now' if shown.in_session else last}"
    )


def _row(shown: Shown) -> dict[str, object]:
    person, past = shown.person, shown.past
    return {
        "name": person.name,
        "ceiling": person.ceiling,
        "own_limits": person.table is not None,
        **shown.answered.row(),
        "first_sessions_left": shown.first_left,
        "sessions": past.sessions,
        "active_s": past.exposure.active_s,
        "last_ended_ago_s": past.last_ended_ago_s,
        "in_session": shown.in_session,
        "locked_for_s": shown.locked_s,
        "waits": list(shown.waits),
        "severe_ago_s": list(past.severe_ago_s),
        "severe_acknowledged": past.severe_acknowledged,
        "used": [
            {
                "zone": place[0],
                "side": place[1],
                "seconds": received.seconds,
                "dose_s": received.dose,
                "part_of_day": shown.parts[place],
            }
            for place, received in sorted(past.exposure.places.items())
        ],
    }
