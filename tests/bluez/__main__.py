"""Play every family on the real Linux Bluetooth stack, without hardware.

    python -m tests.bluez [--family F]... [--end E]...

Boots the distribution's kernel and bluetoothd in QEMU, where `firmware-sim` is behind `/dev/vhci`
and the hub uses bleak as a user's does. Exits 0 only when every massager was found, was felt, and
was stopped in every way.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from devicehub.cli.main import run
from devicehub.safety import limits
from devicehub.safety.screening import questions
from tests.bluez import initrd, packages, plan
from tests.bluez.judging import verdicts
from tests.bluez.machine import Machine, booted

PROJECT = Path(__file__).parents[2]
LOG_LINES = 30


def tell(*lines: object) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a command line of its own


def main() -> int:
    parser = argparse.ArgumentParser(description="Every family on the real Linux stack, in QEMU.")
    parser.add_argument("--family", action="append", default=[], help="only this one")
    parser.add_argument("--end", action="append", default=[], choices=plan.ENDS, help="only this")
    parser.add_argument("--keep", type=Path, help="keep what the guest wrote in this folder")
    options = parser.parse_args()
    begun_s = time.monotonic()
    try:
        packages.programs()
        root = packages.unpacked()
    except packages.MissingError as missing:
        tell(f"bluez: {missing}")
        return 1
    wanted = plan.make(options.family, options.end)
    with tempfile.TemporaryDirectory(prefix="dh-bluez-") as folder:
        out = Path(folder)
        _prepare(out, wanted)
        tell(f"{len(wanted.guests)} families, {len(wanted.sessions)} sessions; booting")
        with booted(Machine(root, initrd.build(root), PROJECT, out)) as lines:
            said = list(_followed(lines, begun_s))
        failed = _judged(wanted, said, out)
        if failed:
            _show_logs(out)
        if options.keep:
            shutil.copytree(out, options.keep, dirs_exist_ok=True)
    tell(f"{'FAILED' if failed else 'passed'} in {time.monotonic() - begun_s:.0f} s")
    return 1 if failed else 0


def _prepare(out: Path, wanted: plan.Plan) -> None:
    """Write what the guest reads; each session has a person whose questions are answered."""
    (out / "plan.json").write_text(json.dumps(wanted.as_json()), encoding="utf-8")
    (out / "long.toml").write_text(plan.profile(), encoding="utf-8")
    answers = out / "answers.toml"
    lines = (f'{question.id} = "no"\n' for question in questions(limits.load()))
    answers.write_text("".join(lines), encoding="utf-8")
    os.environ["XDG_STATE_HOME"] = str(out / "state")
    for person in (person for session in wanted.sessions for person in session.people):
        for words in (["add", person], ["screen", person, "--answers", str(answers)]):
            with redirect_stdout(StringIO()) as said:
                if run(["person", *words]) != 0:
                    raise AssertionError(said.getvalue())


def _followed(lines: Iterator[str], begun_s: float) -> Iterator[dict[str, Any]]:
    """Yield what the guest says, and show it as it comes."""
    for line in lines:
        try:
            row: dict[str, Any] = json.loads(line)
        except ValueError:
            row = {"step": line.strip()}
        words = "  ".join(f"{key}={value}" for key, value in row.items() if key != "step")
        tell(f"{time.monotonic() - begun_s:5.0f} s  {row['step']:<11}{words}")
        yield row


def _judged(wanted: plan.Plan, said: list[dict[str, Any]], out: Path) -> bool:
    """Print the table; return whether anything failed."""
    rows = verdicts(wanted, said, out / "work")
    tell(f"\n{'family':<20}{'what':<16}{'':<8}")
    for row in rows:
        tell(row)
    for family in wanted.left_out:
        tell(f"{family:<20}none simulated, or none that may move")
    return not all(row.passed for row in rows) or {"step": "end", "code": 0} not in said


def _show_logs(out: Path) -> None:
    for log in ("inside.log", "console.log", "bluetoothd.log"):
        path = out / log
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else "none\n"
        tell(f"--- {log}", *text.splitlines()[-LOG_LINES:])


if __name__ == "__main__":
    sys.exit(main())
