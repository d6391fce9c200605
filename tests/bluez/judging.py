"""What the guest saw, and what the massagers' own tapes say, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bluez.plan import OUT_OF_RANGE, Guest, Part
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


def verdicts(part: Part, said: Sequence[dict[str, Any]], work: Path) -> list[Verdict]:
    """Return all lines of one machine; what was not said at all has failed."""
    rows: list[Verdict] = []
    for guest in part.guests:
        rows.append(_found(guest, said))
        rows += [
            _ended(guest, session.end, said) for session in part.sessions if guest in session.guests
        ]
        rows += _taped(guest, work, _sessions(part, guest))
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


def _sessions(part: Part, guest: Guest) -> int:
    """Return in how many sessions a massager was that was always in range."""
    return sum(guest in each.guests and each.end != OUT_OF_RANGE for each in part.sessions)


def _taped(guest: Guest, work: Path, sessions: int) -> Iterator[Verdict]:
    """Judge what it lived through: it was felt, ends at 0, and kept within the limits."""
    for path in sorted(work.glob("*.jsonl")):
        tape = read_tape(path)
        if tape.model == guest.model:
            faults = judge(tape, show(guest.model, guest.zone), read_zones())
            faults += _own_faults(tape, sessions if path.name.startswith("all") else 1)
            text = "; ".join(faults) or f"{len(tape.moves)} moves"
            yield Verdict(guest.family, "tape", not faults, text)


def _own_faults(tape: Tape, sessions: int) -> Iterator[str]:
    if not any(move.level for move in tape.moves):
        yield "was not felt"
    links = sum(state == "connected" for _, state in tape.links)
    # Who takes over the link that BlueZ kept does not connect: one connect a session. A massager
    # that was out of range is connected again.
    again = sum(state == "lost" for _, state in tape.links)
    if not sessions <= links <= sessions + again:
        yield f"{links} links in {sessions} sessions"
