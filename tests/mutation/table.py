"""What is said of the outcomes: a line for each file, and every change that has no reason."""

from collections.abc import Sequence

from tests.mutation.kept import Outcome
from tests.mutation.mutants import Mutant
from tests.mutation.reasons import Change, Kind, Reason

_ROW = "{:<40}{:>9}{:>9}{:>9}{:>9}"


def judged(
    package: str,
    outcomes: Sequence[tuple[Mutant, Outcome]],
    reasons: Sequence[Reason],
    kinds: Sequence[Kind],
) -> bool:
    """Print the table and what is wrong with it; return whether anything is."""
    files = sorted({mutant.file for mutant, _ in outcomes})
    of_these = [one for one in reasons if f"{one.module.replace('.', '/')}.py" in files]
    survivors = [mutant.change for mutant, outcome in outcomes if not outcome.noticed]
    open_ones = [one for one in survivors if not any(r.explains(one) for r in (*of_these, *kinds))]
    idle = [reason for reason in of_these if not any(reason.explains(one) for one in survivors)]
    _say(_ROW.format("", "changes", "noticed", "reason", "open"))
    for file in files:
        _say(_row(file, [pair for pair in outcomes if pair[0].file == file], open_ones))
    _say(_row(package, outcomes, open_ones))
    for one in open_ones:
        _say(f"  no test notices, and no reason is given: {one}")
    for reason in idle:
        _say(f"  a reason without its survivor: {reason}")
    return bool(open_ones or idle or not outcomes)


def _row(name: str, outcomes: Sequence[tuple[Mutant, Outcome]], open_ones: Sequence[Change]) -> str:
    noticed = sum(bool(outcome.noticed) for _, outcome in outcomes)
    mine = {mutant.change for mutant, _ in outcomes}
    unexplained = sum(one in mine for one in open_ones)
    explained = len(outcomes) - noticed - unexplained
    return _ROW.format(name, len(outcomes), noticed, explained, unexplained)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line of its own
