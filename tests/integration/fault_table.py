"""What every fault at every moment comes to, and how soon: the one table of it.

`docs/safety.md` promises its words and bounds, the tests hold sessions against it, and `matrix`
prints it with what was measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devicehub.massagers.library import load_library
from tests.integration.fault_cells import RESUME_AFTER_S, Ending
from tests.integration.fault_scene import CAPE, RESERVES_S, VEST, WAND, Strike
from tests.integration.fault_strikes import RADIO_FAULTS, SESSION_FAULTS, lasts_s

ANY = None
STOPS_BY_ITSELF = (CAPE,)

BEATS_S = 0.1  # two beats, or a few connection intervals
REFRESH_S = 1.0  # unchanged levels are written so often, and what is wrong is noticed so late
ANSWER_S = 0.5  # how long a stop waits for its answer before it is written again
AGAIN_S = 3.0  # how long it takes to hear it again, to connect, and to write the first stop
SILENT_S = 3.0 + 1.1  # so long a massager that plays may say nothing; before that it connects
LEASE_S = 2.0  # how long the cape keeps the last levels that it heard


@dataclass(frozen=True, slots=True)
class Word:
    """How a session ends.

    Attributes:
        means: The same in a sentence.
        code: Its exit code; None where its caller cancelled it.
        sure: Whether stop is confirmed. Where it is not, a person is told what to do by hand, and
            a massager that stops by itself has done so; ANY where nothing is said of a massager.
        asked: Whether it went on until it was asked to stop.
        within_s: How soon after the fault is over all motors are at rest, on the massager's clock;
            where it played on, how soon after it was asked to stop.
    """

    means: str
    code: int | None
    sure: bool | None
    asked: bool | None
    within_s: float


WORDS = {
    "on": Word("plays on until it is stopped", 0, True, True, BEATS_S),
    "halted": Word("pauses by itself and waits", 0, True, True, BEATS_S),
    "stopped": Word("is stopped as it was asked to", 0, True, False, ANSWER_S + BEATS_S),
    "failed": Word("fails and stops", 1, True, False, REFRESH_S + BEATS_S),
    "unheard": Word("gives up after two refreshes", 1, True, False, 2 * REFRESH_S + ANSWER_S),
    "safety": Word("is ended by safety", 4, True, False, BEATS_S),
    "silent": Word("is ended by safety: it says nothing", 4, True, False, SILENT_S),
    "spent": Word("ends before its reservation does", 4, True, False, RESERVES_S / 2 + BEATS_S),
    "cancelled": Word("stops before its caller goes on", None, True, False, BEATS_S),
    "rest": Word("waits for what is away and at rest", 0, True, True, BEATS_S),
    "lost": Word("is lost and may run, as is told", 5, False, False, LEASE_S + BEATS_S),
    "returned": Word("pauses, reaches it again, and waits", 0, True, True, AGAIN_S),
    "reached": Word("is stopped as soon as it is reached again", 0, True, False, AGAIN_S),
    "alarm": Word("may run, as is told", 3, False, ANY, LEASE_S + BEATS_S),
    "unreached": Word("never had a link, and claims nothing", 0, ANY, True, 0.0),
}

RADIO = {
    CAPE: """
                    finding     connecting  ramp        hold        pausing     paused      stopping
    refuses a write on          on          failed      failed      on          failed      stopped
    refuses three   on          on          failed      failed      on          failed      stopped
    refuses all     alarm       alarm       alarm       alarm       alarm       failed      alarm
    hangs for 1 s   on          on          failed      failed      on          on          stopped
    hangs           unreached   alarm       alarm       alarm       alarm       alarm       alarm
    away for 0.4 s  on          on          on          on          on          on          stopped
    away for 0.6 s  on          on          failed      on          on          on          stopped
    away for 5 s    unreached   lost        returned    returned    returned    rest        reached
    away            unreached   lost        alarm       alarm       alarm       rest        alarm
    reboots         on          lost        returned    returned    on          on          reached
    """,
    VEST: """
                    finding     connecting  ramp        hold        pausing     paused      stopping
    refuses a write on          on          failed      failed      on          failed      stopped
    refuses three   on          on          failed      failed      on          failed      stopped
    refuses all     alarm       alarm       alarm       alarm       alarm       failed      alarm
    hangs for 1 s   on          on          on          on          on          on          stopped
    hangs           unreached   alarm       alarm       alarm       alarm       halted      alarm
    away for 0.4 s  on          on          on          on          on          on          stopped
    away for 0.6 s  on          on          on          on          on          on          stopped
    away for 5 s    unreached   lost        returned    returned    returned    rest        reached
    away            unreached   lost        alarm       alarm       alarm       rest        alarm
    reboots         on          lost        returned    returned    on          on          reached
    """,
    WAND: """
                    finding     connecting  ramp        hold        pausing     paused      stopping
    refuses a write on          on          on          on          on          on          stopped
    refuses three   on          on          on          unheard     on          on          stopped
    refuses all     alarm       alarm       alarm       alarm       alarm       alarm       alarm
    hangs for 1 s   on          on          on          on          on          on          stopped
    hangs           unreached   alarm       alarm       alarm       alarm       alarm       alarm
    away for 0.4 s  on          on          on          on          on          on          stopped
    away for 0.6 s  on          on          on          on          on          on          stopped
    away for 5 s    unreached   lost        returned    returned    returned    rest        reached
    away            unreached   lost        alarm       alarm       alarm       rest        alarm
    reboots         on          lost        returned    returned    on          on          reached
    """,
}
SESSION = """
                              connecting  ramp        hold        pausing     paused      stopping
    two signals               stopped     stopped     stopped     stopped     stopped     stopped
    cancelled twice           cancelled   cancelled   cancelled   cancelled   cancelled   cancelled
    cancelled twice in a hang cancelled   cancelled   cancelled   cancelled   cancelled   cancelled
    observer raises           on          on          on          on          on          stopped
    not a number              safety      safety      safety      safety      safety      stopped
    score raises              failed      failed      failed      failed      failed      stopped
    score raises in a hang    alarm       alarm       alarm       alarm       failed      alarm
    outbox ends               failed      failed      failed      failed      failed      stopped
    outbox raises             failed      failed      failed      failed      failed      stopped
    stands still for 3 s      on          halted      halted      on          on          stopped
    link crawls               on          on          on          on          on          stopped
    wall clock +1 h           on          on          on          on          on          stopped
    wall clock -1 h           on          on          on          on          on          stopped
    asleep for 1 h            on          halted      halted      on          on          stopped
    boot clock -1 h           on          halted      halted      on          on          stopped
    disk full                 spent       spent       spent       spent       spent       stopped
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One session of the tables."""

    model: str
    moment: str
    fault: str
    strike: str | Strike
    word: Word

    def __str__(self) -> str:
        return f"{self.model}, {self.moment}, {self.fault}: {self.word.means}"

    @property
    def may_run_on(self) -> bool:
        """Whether physics forbids a bound: no stop gets through, and it does not stop by itself."""
        return not self.word.sure and self.model not in STOPS_BY_ITSELF

    def rests_after_s(self, ending: Ending) -> float | None:
        """Return how long after the fault was over the last motor came to rest; None if it did not.

        Where the session played on, after it was asked to stop.
        """
        from_s = ending.struck_s + (lasts_s(self.strike) if self.word.sure else 0.0)
        if self.word is WORDS["on"] and ending.let_go_s is not None:
            from_s = ending.let_go_s
        rest_s = ending.still_since_s
        return None if rest_s is None else max(0.0, rest_s - from_s)

    def rests_in_time(self, ending: Ending) -> bool:
        """Say whether the motors rest in time, or physics forbids it."""
        after_s = self.rests_after_s(ending)
        return self.may_run_on or (after_s is not None and after_s <= self.word.within_s)

    def is_told(self, ending: Ending) -> bool:
        """Say whether what is said of the massager is so, and what to do where it may run."""
        began = ending.may_be_running is not None
        if self.word.sure is ANY:
            return not began and ending.confirmed == ()
        said = ending.confirmed == (self.word.sure,) or (
            ending.confirmed == () and not began and self.word.asked is not True
        )
        advice = load_library()[self.model].on_lost_link
        return (
            said
            and ending.may_be_running in (None, not self.word.sure)
            and (self.word.sure or advice in ending.told)
        )

    def stays_at_rest(self, ending: Ending) -> bool:
        """Say whether nothing rises by itself, neither in a pause nor after the end."""
        if self.word is WORDS["returned"] and ending.rises(ending.struck_s + BEATS_S):
            return False  # nobody could resume it: it was asked for before it was back
        over_s = ending.struck_s + lasts_s(self.strike) + BEATS_S
        resumed_s = ending.struck_s + RESUME_AFTER_S
        paused = self.moment in ("pausing", "paused")
        return not ending.rises(ending.ended_s) and not (paused and ending.rises(over_s, resumed_s))

    def flaws(self, ending: Ending) -> list[str]:
        """Return what did not come as the table says; empty is good."""
        asked = ending.let_go_s is not None
        found = {
            f"exit code {ending.code}, not {self.word.code}": ending.code == self.word.code,
            f"asked to stop: {asked}": self.word.asked in (ANY, asked),
            f"rests after {self.rests_after_s(ending)} s": self.rests_in_time(ending),
            f"told {ending.confirmed}, {ending.may_be_running}": self.is_told(ending),
            "rises by itself": self.stays_at_rest(ending),
        }
        return [*(flaw for flaw, good in found.items() if not good)]


def cells(table: str, models: Sequence[str], faults: Mapping[str, str | Strike]) -> list[Cell]:
    """Return the cells of a table."""
    head, *rows = [line.strip() for line in table.strip().splitlines()]
    found: list[Cell] = []
    for row in rows:
        fault = next(name for name in sorted(faults, reverse=True) if row.startswith(name))
        words = row.removeprefix(fault).split()
        for moment, word in zip(head.split(), words, strict=True):
            found += [Cell(model, moment, fault, faults[fault], WORDS[word]) for model in models]
    return found


RADIO_CELLS = [
    cell for model, table in RADIO.items() for cell in cells(table, [model], RADIO_FAULTS)
]
SESSION_CELLS = cells(SESSION, list(RADIO), SESSION_FAULTS)
