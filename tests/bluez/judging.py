"""What the guest saw, and what the massagers' own tapes say, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bluez.plan import Guest, Plan
from tests.limits import read_zones
from tests.oracle import judge, show
from tests.tapes import Tape, read_tape


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the table."""

    family: str
    what: str
    passed: bool
    remark: str = ""

    def __str__(self) -> str:
        return (
            f"{self.family:<20}{self.what:<16}{'ok' if self.passed else 'FAILED':<8}{self.remark}"
        )


def verdicts(plan: Plan, said: Sequence[dict[str, Any]], work: Path) -> list[Verdict]:
    """Return all lines; what was not said at all has failed."""
    rows: list[Verdict] = []
    for guest in plan.guests:
        rows.append(_found(guest, said))
        rows += [
            _ended(guest, session.end, said) for session in plan.sessions if guest in session.guests
        ]
        rows += _taped(guest, work, _sessions(plan, guest))
    return rows


def _found(guest: Guest, said: Sequence[dict[str, Any]]) -> Verdict:
    found = any(
        row["step"] == "scan" and row["family"] == guest.family and row["ok"] for row in said
    )
    return Verdict(guest.family, "scan", found)


def _ended(guest: Guest, end: str, said: Sequence[dict[str, Any]]) -> Verdict:
    for row in said:
        if row["step"] == "played" and (row["family"], row["end"]) == (guest.family, end):
            rest = f"at 0 after {row['rest_s']:.2f} s" if "rest_s" in row else ""
            return Verdict(guest.family, end, row["ok"], row.get("why", rest))
    return Verdict(guest.family, end, False, "not played")


def _sessions(plan: Plan, guest: Guest) -> int:
    """Return in how many sessions a massager was that was always in range."""
    return sum(guest in each.guests and each.end != "link lost" for each in plan.sessions)


def _links(tape: Tape) -> int:
    return sum(state == "connected" for _, state in tape.links)


def _taped(guest: Guest, work: Path, sessions: int) -> Iterator[Verdict]:
    """Judge what it lived through: it was felt, ends at 0, and kept within the limits."""
    tapes = [
        *work.glob(f"*.{guest.model}.jsonl"),
        *work.glob("lossy.jsonl"),
        *work.glob("all.jsonl"),
    ]
    for path in tapes:
        tape = read_tape(path)
        if tape.model != guest.model:
            continue
        felt = any(move.level for move in tape.moves)
        faults = judge(tape, show(guest.model, guest.zone), read_zones())
        if path.name.startswith("all") and _links(tape) != sessions:
            # Who takes over the link that BlueZ kept does not connect: one connect a session.
            faults.append(f"{_links(tape)} links in {sessions} sessions")
        yield Verdict(
            guest.family,
            "tape",
            felt and not faults,
            "; ".join(faults) or f"{len(tape.moves)} moves",
        )
