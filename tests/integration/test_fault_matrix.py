"""Whatever fails, whenever it fails: the motors come to rest in time, or a person is told.

Each cell of the tables is one session on virtual time, struck by one fault at one moment, and one
word says how it has to end. Faults of the massager and its radio strike over Bumble, but for
`connecting`, where memory has the first stop out at once; faults of the session strike over memory.
"""

from itertools import product
from pathlib import Path

import pytest

from devicehub.session.searching import LOOKED_FOR_S
from tests.integration.fault_cells import MOMENTS, live
from tests.integration.fault_scene import CAPE, VEST, WAND, Scene
from tests.integration.fault_strikes import RADIO_FAULTS, SESSION_FAULTS
from tests.integration.fault_table import RADIO, RADIO_CELLS, SESSION_CELLS, WORDS, Cell
from tests.integration.heat_table import SENSOR_CELLS, SENSOR_FAULTS, SensorCell
from tests.integration.kill_moments import KILL_CELLS, SIGNALS
from tests.integration.kill_moments import MOMENTS as KILL_MOMENTS
from tests.shipped import ROOT

PAGE = ROOT / "docs" / "safety.md"


def _cells() -> list[object]:
    """Return every cell, all but one massager's in one moment for `make thorough`."""
    return [
        cell
        if (cell.model, cell.moment) == (CAPE, "hold")
        else pytest.param(cell, marks=pytest.mark.thorough)
        for cell in (*RADIO_CELLS, *SESSION_CELLS)
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", _cells(), ids=str)
def test_it_rests_in_time_or_somebody_is_told(cell: Cell, tmp_path: Path) -> None:
    ending = live(cell.model, cell.moment, cell.strike, tmp_path / "tape.jsonl")
    assert cell.flaws(ending) == [], ending.told


@pytest.mark.exhaustive
@pytest.mark.thorough
@pytest.mark.parametrize(
    "cell", [c for c in SENSOR_CELLS if c.moment in ("hold", "paused")], ids=str
)
def test_a_pad_whose_sensor_fails_is_off_in_time(cell: SensorCell, tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    ending = live(cell.model, cell.moment, cell.strike, tape, course=cell.course)
    assert cell.flaws(ending) == [], ending.told


def test_every_fault_strikes_at_every_moment() -> None:
    sensor = {(cell.fault, cell.moment) for cell in SENSOR_CELLS}
    assert sensor == set(product(SENSOR_FAULTS, MOMENTS))
    assert len(KILL_CELLS) == len(SIGNALS) * len(KILL_MOMENTS)
    struck = {(cell.model, cell.fault, cell.moment) for cell in [*RADIO_CELLS, *SESSION_CELLS]}
    radio = set(product(RADIO, RADIO_FAULTS, MOMENTS))
    session = {place for place in product(RADIO, SESSION_FAULTS, MOMENTS) if place[2] != "finding"}
    assert struck == radio | session  # while it is looked for, there is no session to strike


def test_the_page_promises_the_words_and_bounds_of_the_table() -> None:
    said = PAGE.read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in said.splitlines()]
    told = {row[0].strip("`"): row[1:] for row in rows if len(row) == 4}
    for name, word in WORDS.items():
        assert told[name][0] == word.means
        assert float(told[name][2].split()[0]) == pytest.approx(word.within_s, abs=0.001)


@pytest.mark.exhaustive
@pytest.mark.parametrize("model", [VEST, WAND])
def test_what_comes_back_running_is_stopped_by_whoever_connects_next(
    model: str, tmp_path: Path
) -> None:
    async def connect_again(scene: Scene) -> None:
        link = await scene.connector.connect(scene.sim.addresses[model], 5.0)
        await link.close()

    fault, tape = (
        f"drop@0+{LOOKED_FOR_S + 5:g}",
        tmp_path / "tape.jsonl",
    )  # nobody looks for it then
    assert live(model, "hold", fault, tape).still_since_s is None
    stopped = live(model, "hold", fault, tape, connect_again)
    assert stopped.still_since_s is not None
    assert not stopped.rises(stopped.ended_s)
