"""In the guest: one session, from `devicehub play` until every motor of it is at 0."""

import json
import subprocess
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bluez.ends import ENDS, PATIENCE_S, WORK, Hub, UnexpectedError, devicehub, step_back
from tests.integration.processes import alive, keepers, until
from tests.integration.reel import Reel, follow

OUT = Path("/out")
PLAYED_S = 5.0
# A motor of few steps is still until the gentle beginning is over, a fifth of the profile: 12 s.
ALL_MOVE_WITHIN_S = 20.0

Row = dict[str, Any]
Say = Callable[..., None]


@dataclass
class Session:
    """One session of the plan: who plays, on which massagers, and how it ends."""

    person: str
    end: str
    guests: list[Row]
    reels: Mapping[str, Reel]
    say: Say
    still: set[str] = field(default_factory=set[str])

    def play(self) -> list[Row]:
        """Play it to its end and tell how it went; return those that could not be begun with.

        One massager that does not connect ends the session of all: it is told, and the others are
        returned, to be played again without it.
        """
        try:
            code, struck_s = self._played()
        except Exception as error:  # noqa: BLE001 - the other sessions go on
            why = f"{type(error).__name__}: {error}"
            at_fault = self._not_connected()
            for guest in at_fault or self.guests:
                self._tell(guest, ok=False, why=why)
            return [guest for guest in self.guests if at_fault and guest not in at_fault]
        for guest in self.guests:
            if guest["family"] in self.still:
                self._tell(guest, ok=False, why="did not move")
            else:
                rest_s = self.reels[guest["family"]].after(struck_s)
                self._tell(guest, ok=True, code=code, rest_s=round(rest_s, 3))
        return []

    def _tell(self, guest: Row, **more: object) -> None:
        self.say("played", family=guest["family"], end=self.end, **more)

    def _played(self) -> tuple[int, float]:
        begun_s = time.monotonic()
        with self._hub() as hub:
            self._wait_until_all_move(hub)
            self.say("moving", end=self.end, after_s=round(time.monotonic() - begun_s, 1))
            follow(self.reels.values(), PLAYED_S, poll_s=0.05)
            (keeper,) = keepers(hub.pid, spare=False)
            struck_s = time.monotonic()
            code = ENDS[self.end](hub, keeper)
            self._wait_until_all_rest()
            until(lambda: not alive(keeper), "the keeper is still there", PATIENCE_S)
        return code, struck_s

    @property
    def _said(self) -> Path:
        return WORK / f"play-{self.person.replace(' ', '-')}.txt"

    @contextmanager
    def _hub(self) -> Generator[Hub]:
        words = ["play", str(OUT / "long.toml"), "--person", self.person, "--json"]
        for guest in self.guests:
            words += ["--device", guest["address"]]
            words += ["--zone", f"{guest['address']}={guest['zone']}"] if guest["zone"] else []
        with self._said.open("wb") as said:
            hub = subprocess.Popen(devicehub(*words), stdout=said, stderr=subprocess.STDOUT)
            try:
                yield hub
            finally:
                if hub.poll() is None:
                    hub.kill()
                    hub.wait()

    def _not_connected(self) -> list[Row]:
        """Return the massager that was being connected when the hub ended, if it was."""
        words: dict[str, str] = {}
        for event in _events(self._said):
            if event["name"] in ("connecting", "connected"):
                words[event["device"]] = event["name"]
        return [guest for guest in self.guests if words.get(guest["address"]) == "connecting"]

    def _wait_until_all_move(self, hub: Hub) -> None:
        """Wait until all move; who does not, while others do, is `still`."""
        waits = {guest["family"] for guest in self.guests}
        for reel in self.reels.values():
            reel.read()
        before_s = {family: reel.moved_s for family, reel in self.reels.items()}
        end_s, first_s = time.monotonic() + PATIENCE_S, float("inf")
        while waits and time.monotonic() < min(end_s, first_s + ALL_MOVE_WITHIN_S):
            follow(self.reels.values(), 0.2, poll_s=0.1)
            step_back(hub)
            moved = {each for each in waits if self.reels[each].moved_s != before_s[each]}
            waits -= moved
            first_s = min(first_s, time.monotonic()) if moved else first_s
            if hub.poll() is not None:
                last = self._said.read_text(encoding="utf-8").strip().splitlines()[-1]
                raise UnexpectedError(f"the hub ended with {hub.returncode}: {last[:160]}")
        if first_s == float("inf"):
            raise UnexpectedError("nothing moves")
        self.still = waits

    def _wait_until_all_rest(self) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while moving := [family for family, reel in self.reels.items() if reel.moving]:
            if time.monotonic() > end_s:
                raise UnexpectedError(f"still moving: {', '.join(moving)}")
            follow(self.reels.values(), 0.1, poll_s=0.02)


def _events(said: Path) -> Iterator[Row]:
    for line in said.read_text(encoding="utf-8").splitlines():
        row: Row = json.loads(line) if line.startswith("{") else {}
        if row.get("kind") == "event":
            yield row
