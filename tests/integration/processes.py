"""Hub, keeper and simulator as processes of their own, in a home of their own."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path

from devicehub.cli import main
from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from tests import unmeasured
from tests.patience import PATIENCE_S, until
from tests.tapes import Tape, parse_tape

CAPE, VEST, WAND = "reference-cape", "bhaptics-x40", "lovense-domi"
ADVERTISED = {CAPE: "DH-CAPE", VEST: "TactSuitX40", WAND: "LVS-Domi37"}
WAND_ZONE = "rhomboid"
TRACEBACK = "Traceback"

LONG = """
title = "Long"
summary = "One level for as long as a test needs it."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = ["rhomboid", "paraspinal_lumbar"]
minutes = {minutes}
level = 0.3
"""


@dataclass
class Home:
    """Where one user's files are, and the air that this user's massagers are on."""

    folder: Path
    places: dict[str, str] = field(init=False)
    people: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        places = {
            "HOME": self.folder / "home",
            "XDG_RUNTIME_DIR": self.folder / "run",
            "XDG_STATE_HOME": self.folder / "state",
            "XDG_CONFIG_HOME": self.folder / "config",
        }
        for place in places.values():
            place.mkdir(mode=0o700)
        self.places = {name: str(place) for name, place in places.items()}

    @property
    def env(self) -> dict[str, str]:
        return unmeasured.environment() | self.places

    @property
    def air(self) -> str:
        return f"unix:{self.folder}/air"

    def introduced(self) -> str:
        """Return the name of somebody new, who has answered the questions."""
        self.people += 1
        who = f"Alex {self.people}"
        answers = self.folder / "answers.toml"
        answers.write_text("".join(f'{one.id} = "no"\n' for one in questions(load())))
        for words in (("add", who), ("screen", who, "--answers", str(answers))):
            if (done := self.ask("person", *words)).returncode:
                raise AssertionError(done.stderr)
        return who

    def profile(self, minutes: float = 5.0) -> str:
        """Return a profile of one level that lasts so long."""
        path = self.folder / "long.toml"
        path.write_text(LONG.format(minutes=minutes))
        return str(path)

    def tape(self, model: str) -> Tape:
        """Return what a massager lived through up to this moment."""
        one, of_several = self.folder / "tape.jsonl", self.folder / f"tape.{model}.jsonl"
        text = (of_several if of_several.exists() else one).read_text(encoding="utf-8")
        whole, _, _ = text.rpartition("\n")
        return parse_tape(whole.splitlines())

    def levels(self, model: str) -> list[int]:
        tape = self.tape(model)
        levels = [0] * tape.actuators
        for move in tape.moves:
            levels[move.actuator] = move.level
        return levels

    def moving(self, model: str) -> bool:
        return any(self.levels(model))

    def standing(self) -> list[str]:
        """Return the models whose stop stands on disk."""
        models: list[str] = []
        for file in (self.folder / "state" / "devicehub" / "standing").glob("*.json"):
            with suppress(FileNotFoundError):  # its massager was stopped while we looked
                models.append(json.loads(file.read_text(encoding="utf-8"))["model"])
        return sorted(models)

    def let_go(self, model: str) -> bool:
        """Say whether nobody is connected any more, as the massager sees it."""
        return self.tape(model).links[-1][1] == "closed"

    def sockets(self) -> list[Path]:
        return list((self.folder / "run" / "devicehub").glob("*.sock"))

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command of devicehub to its end, in an environment of which some may differ."""
        command = [sys.executable, "-m", "devicehub", *words]
        return subprocess.run(
            command,
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of devicehub in this process: the same code, without starting Python."""
        out, err = io.StringIO(), io.StringIO()
        with self.lived_in(), redirect_stdout(out), redirect_stderr(err):
            code = main.run(words)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    @contextmanager
    def lived_in(self) -> Generator[None]:
        """Let this process have its files here."""
        before = dict(os.environ)
        os.environ.update(self.places)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    @contextmanager
    def simulator(
        self, *models: str, interval_ms: float = 15.0
    ) -> Generator[subprocess.Popen[str]]:
        """Switch massagers on, in a process of their own."""
        program = "from firmware_sim.cli import main; main()"
        words = ["run", *models, "--listen", self.air, "--tape", str(self.folder / "tape.jsonl")]
        words += ["--interval", f"{interval_ms:g}"]
        with ended(
            subprocess.Popen(
                [sys.executable, "-c", program, *words],
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        ) as process:
            if process.stdout is None or not process.stdout.readline().startswith("listening"):
                raise AssertionError("the simulator does not listen")
            yield process

    @contextmanager
    def playing_here(
        self, model: str, *options: str, minutes: float = 5.0
    ) -> Generator[subprocess.Popen[str]]:
        """Play on a massager in the hub's own process until it moves: no keeper is needed."""
        tape = self.folder / f"tape.{model}.jsonl"
        words = ["play", self.profile(minutes), "--device", f"sim:{model}", "--tape", str(tape)]
        with ended(
            subprocess.Popen(
                [sys.executable, "-m", "devicehub", *words, *options],
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        ) as hub:
            until(
                lambda: hub.poll() is not None or (tape.exists() and tape.stat().st_size), "no tape"
            )
            until(lambda: hub.poll() is not None or self.moving(model), "no motion")
            if hub.poll() is not None:
                raise AssertionError(f"the hub ended: {hub.communicate()}")
            yield hub

    def play_command(self, models: Sequence[str], minutes: float = 5.0) -> list[str]:
        """Return the command that plays on massagers of the air."""
        named = [word for model in models for word in ("--device", ADVERTISED[model])]
        named += ["--zone", WAND_ZONE] if WAND in models else []
        play = [sys.executable, "-m", "devicehub", "play", self.profile(minutes)]
        return [*play, *named, "--air", self.air]

    @contextmanager
    def playing(
        self, models: Sequence[str], *options: str, minutes: float = 5.0
    ) -> Generator["Play"]:
        """Play on massagers of the air until they move; killed at the end if it has not ended."""
        with ended(
            subprocess.Popen(
                [*self.play_command(models, minutes), *options],
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        ) as hub:
            for model in models:
                until(lambda model=model: hub.poll() is not None or self.moving(model), "no motion")
            if hub.poll() is not None:
                raise AssertionError(f"the hub ended: {hub.communicate()}")
            (keeper,) = keepers(hub.pid, spare=False)
            until(lambda: keepers(hub.pid, spare=True), "there is no spare keeper")
            (spare,) = keepers(hub.pid, spare=True)
            yield Play(hub, keeper, spare)
            until(lambda: not alive(keeper), "the keeper is still there")
            until(lambda: not alive(spare), "the spare keeper is still there")


@dataclass(frozen=True, slots=True)
class Play:
    """A hub that plays, its keeper, and the one that is there in case this one fails."""

    hub: subprocess.Popen[str]
    keeper: int
    spare: int

    def told(self, event: str, times: int = 1) -> str:
        """Wait until it has told of an event so often; return all that it said until then."""
        said = ""
        while said.count(f"  {event}  ") < times:
            line = self.hub.stdout.readline() if self.hub.stdout is not None else ""
            if not line:
                raise AssertionError(f"the hub ended: {said}")
            said += line
        return said

    def ended(self) -> tuple[int, str]:
        """Wait for the hub's end; return its exit code and all that it said."""
        out, err = self.hub.communicate(timeout=PATIENCE_S)
        return self.hub.returncode, out + err


@contextmanager
def home() -> Generator[Home]:
    """Yield a new home with a short path, for sockets live in it."""
    with short_folder() as folder:
        yield Home(folder)


@contextmanager
def short_folder() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dh-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found += map(int, task.read_text(encoding="ascii").split())
    return found


def keepers(hub: int, *, spare: bool) -> list[int]:
    """Return the keepers that a hub has started: those that drive, or those that wait."""
    words = {pid: _words(pid) for pid in children(hub)}
    return [
        pid for pid, said in words.items() if b"keeper" in said and (b"--spare" in said) == spare
    ]


def _words(pid: int) -> list[bytes]:
    """Return the command line of a process; nothing of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextmanager
def ended(process: subprocess.Popen[str]) -> Generator[subprocess.Popen[str]]:
    """End a process that has not ended by itself, one that was suspended included."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
                try:
                    process.wait(PATIENCE_S)
                except subprocess.TimeoutExpired:
                    process.kill()
