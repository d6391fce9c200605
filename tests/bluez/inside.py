"""In the guest: massagers behind `/dev/vhci`, and the hub that a user has, on the system's bleak.

Imports nothing heavy: Python starts slowly here. It says one JSON object a line on its standard
output, and leaves what everybody wrote in the folder of results.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bluez.acts import OUT, Row, Session
from tests.bluez.ends import PATIENCE_S, WORK, UnexpectedError, devicehub
from tests.integration.processes import until
from tests.integration.reel import Reel

# From the first connect: by then the finest motor has moved for as long as is asked.
DROP = "drop@14+4"
SIMULATOR = "from firmware_sim.cli import main; main()"


def say(step: str, **more: object) -> None:
    print(json.dumps({"step": step, **more}), flush=True)  # noqa: T201 - how it speaks


def main() -> int:
    plan: Row = json.loads((OUT / "plan.json").read_text(encoding="utf-8"))
    WORK.mkdir(parents=True)
    shutil.copytree(OUT / "state", os.environ["XDG_STATE_HOME"])
    lossy = [session for session in plan["sessions"] if session["end"] == "link lost"]
    usual = [session for session in plan["sessions"] if session not in lossy]
    try:
        if usual:
            with simulator("all", plan["guests"]) as reels:
                scanned(plan["guests"])
                for session in usual:
                    play(session, reels)
        for session in lossy:
            with simulator("lossy", session["guests"], "--fault", DROP) as reels:
                if not usual:
                    scanned(session["guests"])
                play(session, reels)
    finally:
        shutil.copytree(WORK, OUT / "work", dirs_exist_ok=True)
    return 0


@contextmanager
def simulator(name: str, guests: list[Row], *options: str) -> Generator[Mapping[str, Reel]]:
    """Switch massagers on, wait until bluetoothd has its adapter on, and yield their tapes."""
    words = ["run", *(guest["model"] for guest in guests), "--attach", "vhci"]
    words += ["--tape", str(WORK / f"{name}.jsonl"), *options]
    with (WORK / f"{name}.txt").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", SIMULATOR, *words], stdout=said, stderr=said
        )
        try:
            until(lambda: process.poll() is not None or _powered(), "no adapter", PATIENCE_S)
            if process.poll() is not None:
                said.seek(0)
                raise UnexpectedError(f"firmware-sim: {said.read().decode()[-300:]}")
            say("adapter on")
            yield {guest["family"]: Reel(_tape(name, guest, guests)) for guest in guests}
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def _tape(name: str, guest: Row, among: list[Row]) -> Path:
    return WORK / (f"{name}.jsonl" if len(among) == 1 else f"{name}.{guest['model']}.jsonl")


def _powered() -> bool:
    """Switch the adapter on; say whether it is."""
    words = ["dbus-send", "--system", "--print-reply", "--dest=org.bluez", "/org/bluez/hci0"]
    words += ["org.freedesktop.DBus.Properties.Set", "string:org.bluez.Adapter1", "string:Powered"]
    time.sleep(0.3)
    asked = subprocess.run([*words, "variant:boolean:true"], capture_output=True, check=False)
    return asked.returncode == 0


def scanned(guests: list[Row]) -> None:
    """`devicehub scan` hears every massager."""
    command = devicehub("scan", "--timeout", "5", "--json")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (WORK / "scan.txt").write_text(done.stdout + done.stderr)
    heard = {row["device"]: row["model"] for row in map(json.loads, done.stdout.splitlines())}
    for guest in guests:
        say("scan", family=guest["family"], ok=heard.get(guest["address"]) == guest["model"])


def play(session: Row, reels: Mapping[str, Reel]) -> None:
    """Play a session; where one massager does not connect, again without it."""
    guests = session["guests"]
    for person in session["people"]:
        mine = {guest["family"]: reels[guest["family"]] for guest in guests}
        guests = Session(person, session["end"], guests, mine, say).play()
        if not guests:
            return
    for guest in guests:
        say("played", family=guest["family"], end=session["end"], ok=False, why="others failed")


if __name__ == "__main__":
    sys.exit(main())
