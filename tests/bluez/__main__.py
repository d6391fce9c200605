"""Play every family on the real Linux Bluetooth stack, without hardware.

    python -m tests.bluez [--family F]... [--end E]... [--machines N]

Boots the distribution's kernel and bluetoothd in QEMU, where `firmware-sim` is behind `/dev/vhci`
and the hub uses bleak as a user's does. Where there are two cores, two such machines share the
families and run side by side. Exits 0 only when every massager was found, was felt, and was stopped
in every way.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from devicehub.cli.accounts import firsts_of
from devicehub.cli.main import run
from devicehub.safety import limits
from devicehub.safety.screening import questions
from devicehub.session import firsts
from tests.bluez import initrd, kernel, packages, plan
from tests.bluez.judging import verdicts
from tests.bluez.machine import Machine, booted

PROJECT = Path(__file__).parents[2]
LOG_LINES = 30
# Half of the families are done in half of the time; a third machine would boot for two sessions.
MOST_MACHINES = 2


def tell(*lines: object) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a command line of its own


def main() -> int:
    options = _parser().parse_args()
    begun_s = time.monotonic()
    try:
        packages.programs()
        root = packages.unpacked()
    except packages.MissingError as missing:
        tell(f"bluez: {missing}")
        return 1
    wanted = plan.make(options.family, options.end, options.machines)
    with tempfile.TemporaryDirectory(prefix="dh-bluez-") as folder:
        out = Path(folder)
        runs = [Run(part, out / str(number)) for number, part in enumerate(wanted.parts, start=1)]
        for each in runs:
            each.prepare()
        tell(
            f"{len(wanted.guests)} families, {len(wanted.sessions)} sessions, "
            f"{len(runs)} machines; booting"
        )
        what = root, kernel.image(root), initrd.build(root)
        with ThreadPoolExecutor(len(runs)) as pool:
            done = [pool.submit(each.follow, what, begun_s) for each in runs]
        for each in done:
            each.result()
        failed = _judged(runs, wanted.left_out)
        if failed:
            _show_logs(runs)
        if options.keep:
            shutil.copytree(out, options.keep, dirs_exist_ok=True)
    tell(f"{'FAILED' if failed else 'passed'} in {time.monotonic() - begun_s:.0f} s")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Every family on the real Linux stack, in QEMU.")
    parser.add_argument("--family", action="append", default=[], help="only this one")
    parser.add_argument("--end", action="append", default=[], choices=plan.ENDS, help="only this")
    parser.add_argument("--keep", type=Path, help="keep what the guests wrote in this folder")
    cores = len(os.sched_getaffinity(0))
    parser.add_argument(
        "--machines",
        type=int,
        default=min(cores, MOST_MACHINES),
        help="how many side by side; as many as there are cores, at most two",
    )
    return parser


@dataclass
class Run:
    """One machine: its part of the plan, the folder that it writes in, and what it said."""

    part: plan.Part
    out: Path
    said: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def name(self) -> str:
        return self.out.name

    def prepare(self) -> None:
        """Write what the guest reads; each session has a person whose questions are answered.

        Nor is it new to it: half of each cap, as for a beginner, is less than beds can move at.
        """
        self.out.mkdir()
        (self.out / "plan.json").write_text(json.dumps(self.part.as_json()), encoding="utf-8")
        (self.out / "long.toml").write_text(plan.profile(), encoding="utf-8")
        answers = self.out / "answers.toml"
        lines = (f'{question.id} = "no"\n' for question in questions(limits.load()))
        answers.write_text("".join(lines), encoding="utf-8")
        os.environ["XDG_STATE_HOME"] = str(self.out / "state")
        for person in self.part.people:
            for words in (["add", person], ["screen", person, "--answers", str(answers)]):
                with redirect_stdout(StringIO()) as said:
                    if run(["person", *words]) != 0:
                        raise AssertionError(said.getvalue())
            for _ in range(firsts.SESSIONS):
                firsts_of(person).completed(firsts.LEAST_S, firsts.MOVED_S)

    def follow(self, what: tuple[Path, Path, Path], begun_s: float) -> None:
        """Boot packages, kernel and initrd; show what it says as it comes, until it is off."""
        with booted(Machine(*what, PROJECT, self.out)) as lines:
            for line in lines:
                try:
                    row: dict[str, Any] = json.loads(line)
                except ValueError:
                    row = {"step": line.strip()}
                words = "  ".join(f"{key}={value}" for key, value in row.items() if key != "step")
                tell(f"{time.monotonic() - begun_s:5.0f} s  {self.name}  {row['step']:<11}{words}")
                self.said.append(row)


def _judged(runs: Sequence[Run], left_out: Sequence[str]) -> bool:
    """Print the table; return whether anything failed."""
    rows = [row for each in runs for row in verdicts(each.part, each.said, each.out / "work")]
    tell(f"\n{'family':<20}{'what':<16}{'':<8}", *rows)
    tell(*(f"{family:<20}none simulated, or none that may move" for family in left_out))
    ended = all({"step": "end", "code": 0} in each.said for each in runs)
    return not (ended and all(row.passed for row in rows))


def _show_logs(runs: Sequence[Run]) -> None:
    for log in ("inside.log", "console.log", "bluetoothd.log"):
        for path in (each.out / log for each in runs):
            text = path.read_text("utf-8", errors="replace") if path.exists() else "none\n"
            tell(f"--- {path.parent.name} {log}", *text.splitlines()[-LOG_LINES:])


if __name__ == "__main__":
    sys.exit(main())
