"""Kill a player of the ledger at random points: the ledger never holds less than was used.

A process reserves and uses in a loop; one byte on its standard output is one second used, written
before it is used. At a random point it is halted and its files are copied, as a power cut would
find them; then it is killed. Both the copy and the ledger have to hold at least what was used.

    python -m tests.ledger_kills [POINTS] [--seed N]

prints what was found and exits 1 if the ledger ever held less.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devicehub.ledger import clock, files
from devicehub.ledger.ledger import Ledger
from devicehub.safety.past import Exposure, Received
from tests.unmeasured import environment

PERSON = "Ann"
PLACE = ("rhomboid", "left")
AHEAD_S = 5
LONGEST_LIFE_S = 0.12


@dataclass(frozen=True, slots=True)
class Point:
    """What had been used when the player died, and what the two ledgers hold; seconds."""

    used_s: float
    copied_s: float
    kept_s: float

    @property
    def holds(self) -> bool:
        return min(self.copied_s, self.kept_s) >= self.used_s


def points(number: int, seed: int = 0) -> Iterator[Point]:
    """Kill a player so many times, all on one ledger, and yield what each left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        path = Path(folder) / "ledger.sqlite"
        with Ledger.open(path) as ledger:
            ledger.add(PERSON)
        used_s = 0.0
        for at in range(number):
            copy = Path(folder) / f"copy {at}" / path.name
            copy.parent.mkdir()
            used_s += _killed(path, copy, chance.uniform(0.0, LONGEST_LIFE_S))
            yield Point(used_s, _held_s(copy), _held_s(path))
            shutil.rmtree(copy.parent)


def play(path: Path) -> None:
    """Reserve and use for ever."""
    used = 0
    with Ledger.open(path) as ledger:
        session = ledger.begin(PERSON, clock.now())
        while True:
            ledger.reserve(session, _exposure(used), _exposure(AHEAD_S), clock.now())
            for _ in range(AHEAD_S):
                os.write(sys.stdout.fileno(), b".")
                used += 1


def _killed(path: Path, copy: Path, life_s: float) -> float:
    """Let a player reserve twice and live on for so long; copy its files, kill it.

    Returns the seconds that it used.
    """
    command = [sys.executable, "-m", "tests.ledger_kills", "--play", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as player:
        if player.stdout is None:
            raise AssertionError("the player has no output")
        first = player.stdout.read(AHEAD_S + 1)
        time.sleep(life_s)
        player.send_signal(signal.SIGSTOP)
        os.waitpid(player.pid, os.WUNTRACED)
        for each in files.leftovers(path):
            shutil.copy(each, copy.with_name(each.name))
        player.kill()
        return float(len(first + player.stdout.read()))


def _held_s(path: Path) -> float:
    with Ledger.open(path) as ledger:
        return ledger.past(PERSON, clock.now()).exposure.places[PLACE].seconds


def _exposure(seconds: float) -> Exposure:
    return Exposure({PLACE: Received(seconds, seconds)}, seconds)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="kill a player of the ledger at random points")
    parser.add_argument("points", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--play", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.play is not None:
        play(asked.play)
    found = list(points(asked.points, asked.seed))
    lost = [point for point in found if not point.holds]
    spare = max((point.kept_s - point.used_s for point in found), default=0.0)
    sys.stdout.write(
        f"{len(found)} kills, {len(lost)} with less in the ledger than was used, "
        f"at most {spare:g} s too much\n"
    )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
