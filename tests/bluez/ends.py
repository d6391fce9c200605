"""In the guest: the ways in which a session ends. Each returns the hub's exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.integration.processes import keepers, until

WORK = Path("/run/work")
PATIENCE_S = 240.0  # generous: a busy machine emulates this one slowly

Hub = subprocess.Popen[bytes]


class UnexpectedError(Exception):
    """Something did not happen that should have."""


def devicehub(*words: str) -> list[str]:
    return [sys.executable, "-m", "devicehub", *words]


def step_back(hub: Hub, places: int = 19) -> None:
    """Let the spare keeper start when nobody else has work to do.

    The guest has one slow processor, for which a massager would wait longer than a frame lives.
    """
    for pid in keepers(hub.pid, spare=True):
        os.setpriority(os.PRIO_PROCESS, pid, places)


def by_stop(hub: Hub, _keeper: int) -> int:
    """`devicehub stop`, in a process of its own."""
    _stop_command()
    return _ended(hub, 0)


def by_signal(hub: Hub, _keeper: int) -> int:
    """Ctrl-C."""
    hub.send_signal(signal.SIGINT)
    return _ended(hub, 0)


def hub_killed(hub: Hub, _keeper: int) -> int:
    """The keeper is left, and stops what moves."""
    hub.kill()
    return hub.wait()


def keeper_killed(hub: Hub, keeper: int) -> int:
    """The hub wakes its spare keeper, which takes over the links that BlueZ has kept."""
    until(lambda: _spare_waits(hub.pid), "no spare keeper", PATIENCE_S)
    step_back(hub, places=0)
    os.kill(keeper, signal.SIGKILL)
    return _returned(hub)


def both_killed(hub: Hub, keeper: int) -> int:
    """Nobody is left but `devicehub stop`."""
    os.kill(keeper, signal.SIGSTOP)  # so that it cannot see the hub go
    hub.kill()
    os.kill(keeper, signal.SIGKILL)
    code = hub.wait()
    _stop_command()
    return code


def out_of_range(hub: Hub, _keeper: int) -> int:
    """The massager goes by itself; the hub looks for it, and stops it when it is back."""
    return _returned(hub)


ENDS: dict[str, Callable[[Hub, int], int]] = {
    "stop": by_stop,
    "signal": by_signal,
    "hub killed": hub_killed,
    "keeper killed": keeper_killed,
    "both killed": both_killed,
    "link lost": out_of_range,
}


def _returned(hub: Hub) -> int:
    """Wait until every massager is back, at rest in a session that waits for its person; stop."""
    said = max(WORK.glob("play-*.txt"), key=lambda path: path.stat().st_mtime)
    until(lambda: _all_are_back(said) or hub.poll() is not None, "nobody came back", PATIENCE_S)
    hub.send_signal(signal.SIGINT)
    return _ended(hub, 0)


def _all_are_back(said: Path) -> bool:
    """Say whether as many came back as were lost, from what the hub has told until now."""
    whole, _, _ = said.read_text(encoding="utf-8").rpartition("\n")
    rows = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
    names = [row["name"] for row in rows if row["kind"] == "event"]
    return 0 < names.count("lost") == names.count("returned")


def _ended(hub: Hub, expected: int) -> int:
    hub.wait(timeout=PATIENCE_S)
    if hub.returncode != expected:
        raise UnexpectedError(f"the hub ended with {hub.returncode}, not {expected}")
    return expected


def _stop_command() -> None:
    stop = subprocess.run(devicehub("stop"), capture_output=True, text=True, check=False)
    with (WORK / "stop.txt").open("a", encoding="utf-8") as file:
        file.write(stop.stdout + stop.stderr)
    if stop.returncode != 0:
        raise UnexpectedError(f"devicehub stop: {stop.returncode} {stop.stdout}{stop.stderr}")


def _spare_waits(hub: int) -> bool:
    """Say whether the spare keeper has started: for a second it has used no time."""
    before = _used(hub)
    time.sleep(1.0)
    return bool(before) and before == _used(hub)


def _used(hub: int) -> list[str]:
    """Return the processor time of the spare keeper, in ticks."""
    stats = (Path(f"/proc/{pid}/stat") for pid in keepers(hub, spare=True))
    return [stat.read_text(encoding="ascii").rpartition(")")[2].split()[11] for stat in stats]
