"""Print the fault matrix: rows are faults, columns moments, a table for each massager.

    python -m tests.integration.matrix

Each cell is a session on virtual time, judged by the tape: "ok", how many seconds after the fault
every motor was at rest, and the bound that docs/safety.md promises; or "alarm" where no stop can
get through, and what the massager did. Rows of the heat sensor say "off", and when the pad was.
Then the cells in which a hub is killed or hangs, as real processes. Exit code 1 when a cell is not
as the table says.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.integration.fault_cells import MOMENTS, Ending, live
from tests.integration.fault_table import RADIO, RADIO_CELLS, SESSION_CELLS, Cell
from tests.integration.heat_table import SENSOR_CELLS, SensorCell
from tests.integration.kill_moments import KILL_CELLS, SIGNALS, KillCell, struck
from tests.integration.kill_moments import MOMENTS as KILL_MOMENTS
from tests.integration.kills import bench

NAME_WIDTH, CELL_WIDTH = 26, 18
KILL_INTERVAL_MS = 50.0
CELLS: list[Cell] = [*RADIO_CELLS, *SESSION_CELLS, *SENSOR_CELLS]

Found = tuple[tuple[str, str, str], str, list[str]]


def lived(place: int) -> Found:
    """Live through one cell; return where it stands, what the table says, and its flaws."""
    cell = CELLS[place]
    course = cell.course if isinstance(cell, SensorCell) else None
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        tape = Path(folder) / "tape.jsonl"
        ending = live(cell.model, cell.moment, cell.strike, tape, course=course)
    return (
        (cell.model, cell.fault, cell.moment),
        cooled(cell, ending) if isinstance(cell, SensorCell) else said(cell, ending),
        [f"{cell}: {flaw}" for flaw in cell.flaws(ending)],
    )


def cooled(cell: SensorCell, ending: Ending) -> str:
    """Return what a cell of the heat sensor shows: measured seconds to the pad's off, the bound."""
    after_s = cell.cools_after_s(ending)
    return "STAYS ON" if after_s is None else f"off {after_s:.2f} / {cell.sensor.within_s:.2f}"


def said(cell: Cell, ending: Ending) -> str:
    """Return what a cell shows: measured seconds to rest, and the bound."""
    after_s = cell.rests_after_s(ending)
    if cell.word.sure is None:
        return "no link"
    if cell.word.sure:
        return f"ok {after_s:.2f} / {cell.word.within_s:.2f}" if after_s is not None else "RUNS ON"
    told = "runs on" if after_s is None else f"{after_s:.2f}"
    return f"alarm {told}" + ("" if cell.may_run_on else f" / {cell.word.within_s:.2f}")


def lines(model: str, found: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """Yield the table of one massager."""
    yield f"\n{model:<{NAME_WIDTH}}{spaced(MOMENTS)}"
    for fault in dict.fromkeys(one for of, one, _ in found if of == model):
        row = [found.get((model, fault, moment), "") for moment in MOMENTS]
        yield f"{fault:<{NAME_WIDTH}}{spaced(row)}"


def killed(cells: Sequence[KillCell] = KILL_CELLS) -> list[str]:
    """Live through the cells in real time, one after the other, print them; return their flaws."""
    say(f"\n{'vest, wand and cape':<{NAME_WIDTH}}{spaced(KILL_MOMENTS)}".rstrip())
    flaws: list[str] = []
    with bench(KILL_INTERVAL_MS) as here:
        for fault in SIGNALS:
            row: list[str] = []
            for cell in (cell for cell in cells if cell.fault == fault):
                took_s, found = struck(cell, here)
                row.append(f"ok {took_s:.2f} / {cell.within_s:.2f}" if not found else "FAILED")
                flaws += found
            say(f"{fault:<{NAME_WIDTH}}{spaced(row)}".rstrip())
    return flaws


def spaced(words: Iterable[str]) -> str:
    """Return words in columns."""
    return "".join(f"{word:<{CELL_WIDTH}}" for word in words)


def main(_words: Sequence[str]) -> int:
    """Live through every cell and print the tables; return the exit code."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        ends = list(pool.map(lived, range(len(CELLS)), chunksize=8))
    found = {place: text for place, text, _ in ends}
    for model in RADIO:
        for line in lines(model, found):
            say(line.rstrip())
    flaws = [flaw for _, _, of_cell in ends for flaw in of_cell] + killed()
    for flaw in flaws:
        say(flaw)
    count, bad = len(CELLS) + len(KILL_CELLS), len({flaw.partition(":")[0] for flaw in flaws})
    say(f"\n{count - bad} of {count} cells as promised")
    return int(bool(flaws))


def say(line: str) -> None:
    """Print a line."""
    print(line)  # noqa: T201 - a command line of its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
