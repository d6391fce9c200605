"""The ledger and its locks among real processes that are killed."""

import subprocess
import sys
import textwrap
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import device_lock, person_lock
from tests.ledger_kills import points
from tests.unmeasured import environment

pytestmark = pytest.mark.wallclock

KILLS = 10
HOLD = """
from contextlib import ExitStack
from devicehub.ledger.locks import device_lock, person_lock
with ExitStack() as held:
    held.enter_context(person_lock("Ann"))
    held.enter_context(device_lock("aa:bb"))
    print("held", flush=True)
    input()
"""
FILL = """
import resource
import sys
from pathlib import Path
from devicehub.ledger import clock
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety.past import Exposure, Received
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
with Ledger.open(Path(sys.argv[1])) as ledger:
    session = ledger.begin("Ann", clock.now())
    for n in range(1, 10_000):
        part = Received(float(n), float(n))
        many = {(f"zone {n}", "left"): part, ("rhomboid", "left"): part}
        ledger.reserve(session, Exposure(many, n), Exposure(many, 10.0), clock.now())
        print(n, flush=True)
"""


@contextmanager
def process(program: str, *words: str) -> Generator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def test_a_player_that_is_killed_anywhere_has_used_no_more_than_the_ledger_holds() -> None:
    found = list(points(KILLS, seed=1))
    assert len(found) == KILLS
    assert [point for point in found if not point.holds] == []
    assert found[-1].used_s > KILLS


def test_a_person_and_a_massager_are_in_one_session_until_its_process_dies() -> None:
    with process(HOLD) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        held = f"(process {other.pid})\nend that one first: devicehub stop"
        with pytest.raises(SafetyRefusal) as person, person_lock("ANN"):
            pass
        assert str(person.value) == f"ANN is in another session {held}"
        with pytest.raises(SafetyRefusal) as device, device_lock("AA:BB"):
            pass
        assert str(device.value) == f"AA:BB is driven by another session {held}"
        with person_lock("Bob"), device_lock("AA:BC"):
            pass
        other.kill()
        other.wait()
    with person_lock("Ann"), device_lock("AA:BB"):
        pass


def test_a_disk_that_runs_full_ends_the_reservations_and_loses_none(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add("Ann")
    with process(FILL, str(path)) as player:
        out, err = player.communicate()
    assert f"{path}: the ledger cannot be written" in err
    assert "so nothing is played" in err
    with Ledger.open(path) as ledger:
        reserved_s = ledger.past("Ann", clock.now()).exposure.places["rhomboid", "left"].seconds
    last = int(out.split()[-1])
    assert last > 10
    assert reserved_s == 2.0 * last
