"""A computer whose clocks a test can set: true time, a wall clock and boots."""

from dataclasses import dataclass

from devicehub.ledger.moment import Moment

NOON_S = 1_700_000_000.0
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


@dataclass
class Computer:
    """A computer; `off_s` is how far its wall clock is ahead of true time."""

    true_s: float = 0.0
    off_s: float = 0.0
    booted_s: float = -1000.0
    boots: int = 0

    @property
    def now(self) -> Moment:
        wall_s = NOON_S + self.true_s + self.off_s
        return Moment(wall_s, self.true_s - self.booted_s, f"boot {self.boots}")

    def wait(self, seconds: float) -> Moment:
        self.true_s += seconds
        return self.now

    def set_clock(self, by_s: float) -> Moment:
        self.off_s += by_s
        return self.now

    def reboot(self) -> Moment:
        self.booted_s, self.boots = self.true_s, self.boots + 1
        return self.now
