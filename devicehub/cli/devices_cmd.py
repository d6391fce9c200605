"""`devicehub devices`: the models that are known, their facts, and raw levels as bytes."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from devicehub.cli import named, text
from devicehub.cli.rows import rows_of
from devicehub.errors import UsageError
from devicehub.massagers.encode import raw
from devicehub.massagers.model import Massager
from devicehub.massagers.own import known_massagers
from devicehub.massagers.show import describe
from devicehub.massagers.wire import RawWrite
from devicehub.radio import measured

_STANDARD_INPUT = "-"
_DRAWING_CELLS = 37  # odd, so that the spine has a column of its own
_CM_PER_CELL = 1.0


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_devices(as_json: bool) -> None:
    """The models that are known."""
    library = known_massagers()
    name = max(map(len, library))
    title = max(len(massager.title) for massager in library.values())
    for model in sorted(library):
        massager = library[model]
        if as_json:
            click.echo(json.dumps(_row(massager), ensure_ascii=False))
        else:
            count = len(massager.steps)
            motors = "1 motor" if count == 1 else f"{count} motors"
            where = "you say where" if massager.needs_zone else ""
            where = where if massager.refused is None else "refused"
            line = f"{model:<{name}}  {massager.title:<{title}}  {motors:<12}{where}"
            click.echo(line.rstrip())


def _row(massager: Massager) -> dict[str, object]:
    return {
        "model": massager.model,
        "title": massager.title,
        "family": massager.family,
        "class": massager.stimulus_class,
        "actuators": len(massager.steps),
        "needs_zone": massager.needs_zone,
        "refused": massager.refused,
    }


@click.command()
@click.argument("model")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(model: str, as_json: bool) -> None:
    """What is known of MODEL."""
    massager = named.massager(model)
    on_bench = [one.sentence() for one in measured.known() if one.model == massager.model]
    massager = replace(massager, evidence=(*massager.evidence, *on_bench))
    if as_json:
        click.echo(json.dumps(describe(massager), ensure_ascii=False))
        return
    click.echo("\n".join(_in_words(massager)))


def _in_words(massager: Massager) -> Iterator[str]:
    yield f"{massager.model}: {massager.title}"
    yield f"  class                {massager.stimulus_class.replace('_', ' ')}"
    yield f"  on a lost link       {_lost_link(massager)}"
    steps = sorted(set(massager.steps))
    yield f"  motors               {len(massager.steps)}, steps 0 to {' or '.join(map(str, steps))}"
    for write in massager.stops[0].writes:
        yield f"  stop                 {write.data.hex(' ')} to {write.char}"
    for source in massager.evidence:
        yield f"  from                 {source}"
    drawing = list(_drawing(massager))
    if drawing:
        yield from ("", "  the back, seen from behind; numbers are motors, | is the spine", "")
        yield from drawing
    unplaced = [place for place in massager.layout.places if place.y_cm is None]
    if drawing and unplaced:
        zones = list(dict.fromkeys(zone for place in unplaced for zone in place.zones))
        yield ""
        yield f"  {len(unplaced)} motors not on the back: {text.zones(zones)}"


def _lost_link(massager: Massager) -> str:
    words = {
        "yes": "stops by itself",
        "no": "goes on running",
        "unknown": "not known to stop by itself",
    }[massager.stops_on_disconnect]
    if massager.lease_s is not None:
        words += f"; every level expires after {massager.lease_s:g} s"
    return words


def _drawing(massager: Massager) -> Iterator[str]:
    """One line a row of motors, each number where its motor sits; 1 cm a column."""
    rows = [row for row in rows_of(massager.layout) if row.places[0].y_cm is not None]
    middle = _DRAWING_CELLS // 2
    for row in rows:
        cells = [" "] * _DRAWING_CELLS
        cells[middle] = "|"
        for place in row.places:
            number = str(place.index)
            at = round(middle + (place.x_cm or 0.0) / _CM_PER_CELL) - len(number) // 2
            at = max(0, min(at, _DRAWING_CELLS - len(number)))
            cells[at : at + len(number)] = number
        yield f"  {row.label:<18}{''.join(cells)}".rstrip()


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("model")
@click.argument("levels", nargs=-1, required=True, metavar="LEVEL...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a set of levels.")
def encode(model: str, levels: tuple[str, ...], as_json: bool) -> None:
    """Print the writes for raw device LEVELs of MODEL, in the order of its actuators.

    With - instead of levels: sets of levels from standard input, one a line. Nothing is sent.
    """
    massager = named.massager(model)
    for where, words in _sets(levels):
        try:
            writes = raw(massager, [_level(word) for word in words])
        except UsageError as error:
            raise UsageError(f"{where}{error}") from None
        click.echo(_shown(writes, as_json=as_json))


def _sets(levels: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield sets of levels as words, each with its place for messages; empty lines are skipped."""
    if list(levels) != [_STANDARD_INPUT]:
        yield "", levels
        return
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield f"standard input, line {number}: ", line.split()


def _level(word: str) -> int:
    if not word.isascii() or not word.isdigit():
        raise UsageError(f"level {word!r}: must be a whole number from 0")
    return int(word)


def _shown(writes: Sequence[RawWrite], *, as_json: bool) -> str:
    if as_json:
        listed = [
            {"char": write.char, "hex": write.data.hex(), "response": write.response}
            for write in writes
        ]
        return json.dumps({"writes": listed})
    return "\n".join(
        f"{write.char}  {'write' if write.response else 'write without response'}  "
        f"{write.data.hex(' ')}"
        for write in writes
    )
