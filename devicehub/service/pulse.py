"""Pulse: turns as long as the service does, and is what its watchdog is fed from.

A loop that stands still feeds nothing, and neither does one in which a session plays and its core
loop does not turn: the service manager then ends the process, and its keepers stop the motors.
"""

import asyncio

from devicehub.messages import SessionState
from devicehub.outside import Vitals
from devicehub.service.notify import Notify
from devicehub.service.running import Running
from devicehub.service.service import Service

PULSE_S = 0.25
# A core loop beats every 50 ms; one that has not for so long will not (zones.json, suspend_gap_s).
STUCK_S = 2.0
STUCK = "its core loop stands still"
# Of the time after which a watchdog bites; so one lost turn is forgiven.
FEEDING_SHARE = 1 / 3
# The worst lateness is told of so many turns, about a minute.
TURNS = 240


class Pulse:
    """Looks at everything four times a second."""

    def __init__(self, service: Service, notify: Notify) -> None:
        self._service, self._notify = service, notify
        self._clock = asyncio.get_running_loop().time
        self._began_s = self._fed_s = self._clock()
        self._moved: dict[str, tuple[float, float]] = {}
        self._late: list[float] = []

    async def run(self) -> None:
        """Turn until cancelled."""
        due_s = self._clock()
        while True:
            due_s = max(due_s + PULSE_S, self._clock())
            await asyncio.sleep(due_s - self._clock())
            self._late = [*self._late[1 - TURNS :], max(0.0, self._clock() - due_s)]
            self.turn()

    @property
    def vitals(self) -> Vitals:
        """How the service fares."""
        lag_ms = 1000.0 * max(self._late, default=0.0)
        return Vitals(self._clock() - self._began_s, lag_ms)

    def turn(self) -> None:
        """Look at leases and sessions, and feed the watchdog if all is well."""
        self._service.look_at_leases()
        self._service.look_at_alarms()
        self._notify.status(self._service.status())
        now_s = self._clock()
        self._moved = {one.id: self._look(one, now_s) for one in self._service.running.values()}
        stuck = [id_ for id_, (since_s, _) in self._moved.items() if now_s - since_s > STUCK_S]
        if stuck:
            self._service.stop_these([self._service.running[id_] for id_ in stuck], STUCK)
        watchdog_s = self._notify.watchdog_s
        if watchdog_s is None or stuck or now_s - self._fed_s < FEEDING_SHARE * watchdog_s:
            return
        self._fed_s = now_s
        self._notify.alive()

    def _look(self, one: Running, now_s: float) -> tuple[float, float]:
        """Return since when a session that plays stands at which second of it."""
        now = one.snapshot
        since_s, at_s = self._moved.get(one.id, (now_s, -1.0))
        if now is None or now.state is not SessionState.PLAYING:
            return now_s, -1.0
        return (since_s, at_s) if now.elapsed_s == at_s else (now_s, now.elapsed_s)
