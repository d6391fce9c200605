"""In the guest: massagers behind `/dev/vhci`, and the hub that a user has, on the system's bleak.

Imports nothing heavy: Python starts slowly here. It says one JSON object a line on its standard
output, and leaves what everybody wrote in the folder of results.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.integration.processes import alive, keepers, until
from tests.integration.reel import Reel, follow

OUT = Path("/out")
WORK = Path("/run/work")
PLAYED_S = 5.0
PATIENCE_S = 240.0  # generous: a busy machine emulates this one slowly
DROP_S, BACK_S = 20.0, 5.0

Row = dict[str, Any]


class Unexpected(Exception):
    """Something did not happen that should have."""


def say(step: str, **more: object) -> None:
    print(json.dumps({"step": step, **more}), flush=True)  # noqa: T201 - how it speaks


def python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def main() -> int:
    plan: Row = json.loads((OUT / "plan.json").read_text(encoding="utf-8"))
    WORK.mkdir(parents=True)
    shutil.copytree(OUT / "state", os.environ["XDG_STATE_HOME"])
    try:
        usual = [session for session in plan["sessions"] if session["end"] != "link lost"]
        lossy = [session for session in plan["sessions"] if session["end"] == "link lost"]
        with simulator("all", [guest["model"] for guest in plan["guests"]]):
            scanned(plan["guests"])
            reels = {g["model"]: Reel(tape("all", g, plan["guests"])) for g in plan["guests"]}
            for session in usual:
                played(session, reels)
        for session in lossy:
            lost(session)
    finally:
        shutil.copytree(WORK, OUT / "work", dirs_exist_ok=True)
    return 0


def tape(name: str, guest: Row, among: list[Row]) -> Path:
    path = WORK / f"{name}.jsonl"
    return path if len(among) == 1 else path.with_name(f"{name}.{guest['model']}.jsonl")


@contextmanager
def simulator(name: str, models: list[str], *options: str) -> Generator[None]:
    """Switch massagers on behind /dev/vhci, and wait until bluetoothd has its adapter on."""
    program = "from firmware_sim.cli import main; main()"
    words = ["run", *models, "--attach", "vhci", "--tape", str(WORK / f"{name}.jsonl"), *options]
    with (WORK / f"{name}.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *words], stdout=said, stderr=said
        )
        try:
            until(lambda: process.poll() is not None or powered(), "no adapter", PATIENCE_S)
            if process.poll() is not None:
                raise Unexpected(f"firmware-sim: {(WORK / f'{name}.txt').read_text()[-300:]}")
            say("adapter on")
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def powered() -> bool:
    """Switch the adapter on; say whether it is."""
    words = ["dbus-send", "--system", "--print-reply", "--dest=org.bluez", "/org/bluez/hci0"]
    words += ["org.freedesktop.DBus.Properties.Set", "string:org.bluez.Adapter1", "string:Powered"]
    time.sleep(0.3)
    return (
        subprocess.run(
            [*words, "variant:boolean:true"], capture_output=True, check=False
        ).returncode
        == 0
    )


def scanned(guests: list[Row]) -> None:
    """`devicehub scan` hears every massager."""
    done = subprocess.run(
        python("devicehub", "scan", "--timeout", "5", "--json"),
        capture_output=True,
        text=True,
        check=False,
    )
    (WORK / "scan.txt").write_text(done.stdout + done.stderr)
    heard = {row["device"]: row["model"] for row in map(json.loads, done.stdout.splitlines())}
    for guest in guests:
        found = heard.get(guest["address"]) == guest["model"]
        say("scan", family=guest["family"], ok=found)


@contextmanager
def playing(session: Row) -> Generator[subprocess.Popen[bytes]]:
    words = ["play", str(OUT / "long.toml"), "--person", session["person"], "--json"]
    for guest in session["guests"]:
        words += ["--device", guest["address"]]
        words += ["--zone", f"{guest['address']}={guest['zone']}"] if guest["zone"] else []
    name = session["end"].replace(" ", "-") + "-" + session["person"].split()[-1]
    with (WORK / f"play-{name}.txt").open("wb") as said:
        hub = subprocess.Popen(python("devicehub", *words), stdout=said, stderr=subprocess.STDOUT)
        try:
            yield hub
        finally:
            if hub.poll() is None:
                hub.kill()
                hub.wait()


def played(session: Row, reels: Mapping[str, Reel]) -> None:
    """Play a session to its end, and say of each massager how long it moved on after it."""
    mine = {guest["family"]: reels[guest["model"]] for guest in session["guests"]}
    begun_s = time.monotonic()
    try:
        with playing(session) as hub:
            _until_all_move(mine, hub)
            say("moving", end=session["end"], families=list(mine), after_s=_since(begun_s))
            follow(mine.values(), PLAYED_S, poll_s=0.05)
            (keeper,) = keepers(hub.pid, spare=False)
            if session["end"] == "keeper killed":
                until(lambda: _spare_waits(hub.pid), "no spare keeper", PATIENCE_S)
            struck_s = time.monotonic()
            code = ENDS[session["end"]](hub, keeper)
            _until_at_rest(mine)
            until(lambda: not alive(keeper), "the keeper is still there", PATIENCE_S)
        for family, reel in mine.items():
            say(
                "played",
                family=family,
                end=session["end"],
                ok=True,
                code=code,
                rest_s=round(reel.after(struck_s), 3),
            )
    except Exception as error:  # noqa: BLE001 - the other sessions go on
        for family in mine:
            say(
                "played",
                family=family,
                end=session["end"],
                ok=False,
                why=f"{type(error).__name__}: {error}",
            )


def lost(session: Row) -> None:
    """A massager goes out of range while it moves, and comes back: it is found, and stopped."""
    guest = session["guests"][0]
    fault = f"drop@{DROP_S:g}+{BACK_S:g}"
    try:
        with simulator("lossy", [guest["model"]], "--fault", fault):
            reel = Reel(WORK / "lossy.jsonl")
            with playing(session | {"guests": [guest]}) as hub:
                _until_all_move({guest["family"]: reel}, hub)
                hub.wait(timeout=PATIENCE_S)
                reel.read()
                say(
                    "played",
                    family=guest["family"],
                    end=session["end"],
                    ok=not reel.moving,
                    code=hub.returncode,
                )
    except Exception as error:  # noqa: BLE001 - the other sessions go on
        say(
            "played",
            family=guest["family"],
            end=session["end"],
            ok=False,
            why=f"{type(error).__name__}: {error}",
        )


def _until_all_move(reels: Mapping[str, Reel], hub: subprocess.Popen[bytes]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    moved: set[str] = set()
    while len(moved) < len(reels):
        follow(reels.values(), 0.2, poll_s=0.1)
        moved |= {family for family, reel in reels.items() if reel.moving}
        still = sorted(set(reels) - moved)
        if hub.poll() is not None:
            raise Unexpected(f"the hub ended ({hub.returncode}); not moved: {', '.join(still)}")
        if time.monotonic() > end_s:
            raise Unexpected(f"did not move: {', '.join(still)}")


def _until_at_rest(reels: Mapping[str, Reel]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while moving := [family for family, reel in reels.items() if reel.moving]:
        if time.monotonic() > end_s:
            raise Unexpected(f"still moving: {', '.join(moving)}")
        follow(reels.values(), 0.1, poll_s=0.02)


def _spare_waits(hub: int) -> bool:
    """Say whether the spare keeper has started: for a second it has used no time."""
    before = _used(hub)
    time.sleep(1.0)
    return bool(before) and before == _used(hub)


def _used(hub: int) -> list[str]:
    """Return the processor time of the spare keeper, in ticks."""
    stats = (Path(f"/proc/{pid}/stat") for pid in keepers(hub, spare=True))
    return [stat.read_text(encoding="ascii").rpartition(")")[2].split()[11] for stat in stats]


def _since(begun_s: float) -> float:
    return round(time.monotonic() - begun_s, 1)


def _ended(hub: subprocess.Popen[bytes], expected: int) -> int:
    hub.wait(timeout=PATIENCE_S)
    if hub.returncode != expected:
        raise Unexpected(f"the hub ended with {hub.returncode}, not {expected}")
    return hub.returncode


def _stop_command() -> None:
    stop = subprocess.run(python("devicehub", "stop"), capture_output=True, text=True, check=False)
    with (WORK / "stop.txt").open("a", encoding="utf-8") as file:
        file.write(stop.stdout + stop.stderr)
    if stop.returncode != 0:
        raise Unexpected(f"devicehub stop: {stop.returncode} {stop.stdout}{stop.stderr}")


def _by_stop(hub: subprocess.Popen[bytes], keeper: int) -> int:
    _stop_command()
    return _ended(hub, 0)


def _by_signal(hub: subprocess.Popen[bytes], keeper: int) -> int:
    hub.send_signal(signal.SIGINT)
    return _ended(hub, 0)


def _hub_killed(hub: subprocess.Popen[bytes], keeper: int) -> int:
    hub.kill()
    return _ended(hub, -signal.SIGKILL)


def _keeper_killed(hub: subprocess.Popen[bytes], keeper: int) -> int:
    os.kill(keeper, signal.SIGKILL)
    return _ended(hub, 5)


def _both_killed(hub: subprocess.Popen[bytes], keeper: int) -> int:
    os.kill(keeper, signal.SIGSTOP)  # so that it cannot see the hub go
    hub.kill()
    os.kill(keeper, signal.SIGKILL)
    hub.wait()
    _stop_command()
    return hub.returncode


ENDS = {
    "stop": _by_stop,
    "signal": _by_signal,
    "hub killed": _hub_killed,
    "keeper killed": _keeper_killed,
    "both killed": _both_killed,
}


if __name__ == "__main__":
    sys.exit(main())
