"""Print the fault matrix: rows are faults, columns moments, a table for each massager.

    python -m tests.integration.matrix

Each cell is a session on virtual time, judged by the tape: "ok", how many seconds after the fault
every motor was at rest, and the bound that docs/safety.md promises; or "alarm" where no stop can
get through, and what the massager did. Exit code 1 when a cell is not as the table says.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.integration.fault_cells import MOMENTS, live
from tests.integration.fault_strikes import RADIO_FAULTS, SESSION_FAULTS
from tests.integration.fault_table import RADIO, RADIO_CELLS, SESSION_CELLS, Cell

NAME_WIDTH, CELL_WIDTH = 26, 16

Found = tuple[tuple[str, str, str], str, list[str]]


def lived(place: int) -> Found:
    """Live through one cell; return where it stands, what the table says, and its flaws."""
    cell = [*RADIO_CELLS, *SESSION_CELLS][place]
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        ending = live(cell.model, cell.moment, cell.strike, Path(folder) / "tape.jsonl")
    return (
        (cell.model, cell.fault, cell.moment),
        said(cell, cell.rests_after_s(ending)),
        [f"{cell}: {flaw}" for flaw in cell.flaws(ending)],
    )


def said(cell: Cell, after_s: float | None) -> str:
    """Return what a cell shows: measured seconds to rest, and the bound."""
    if cell.word.sure is None:
        return "no link"
    if cell.word.sure:
        return f"ok {after_s:.2f} / {cell.word.within_s:.2f}" if after_s is not None else "RUNS ON"
    told = "runs on" if after_s is None else f"{after_s:.2f}"
    return f"alarm {told}" + ("" if cell.may_run_on else f" / {cell.word.within_s:.2f}")


def lines(model: str, found: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """Yield the table of one massager."""
    yield f"\n{model:<{NAME_WIDTH}}" + "".join(f"{moment:<{CELL_WIDTH}}" for moment in MOMENTS)
    for fault in (*RADIO_FAULTS, *SESSION_FAULTS):
        row = [found.get((model, fault, moment), "") for moment in MOMENTS]
        yield f"{fault:<{NAME_WIDTH}}" + "".join(f"{cell:<{CELL_WIDTH}}" for cell in row)


def main(_words: Sequence[str]) -> int:
    """Live through every cell and print the tables; return the exit code."""
    count = len(RADIO_CELLS) + len(SESSION_CELLS)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        ends = list(pool.map(lived, range(count), chunksize=8))
    found = {place: text for place, text, _ in ends}
    for model in RADIO:
        for line in lines(model, found):
            say(line.rstrip())
    flaws = [flaw for _, _, of_cell in ends for flaw in of_cell]
    for flaw in flaws:
        say(flaw)
    say(f"\n{count - len({flaw.partition(':')[0] for flaw in flaws})} of {count} cells as promised")
    return int(bool(flaws))


def say(line: str) -> None:
    """Print a line."""
    print(line)  # noqa: T201 - a command line of its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
