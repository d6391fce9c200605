"""Deck: one massager within a session: its link, its score, its outbox, what it said last."""

import asyncio
from collections import deque

from devicehub.errors import LinkLost
from devicehub.massagers.decode import Report
from devicehub.massagers.model import Massager
from devicehub.messages import ActuatorView, DeviceView, HeatEnd
from devicehub.radio.outbox import Outbox
from devicehub.radio.port import Port, StopOutcome, Terms
from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import Governor
from devicehub.safety.mount import Mount
from devicehub.safety.telemetry import Telemetry
from devicehub.session.draining import Gauge
from devicehub.session.pad import Pad
from devicehub.session.stances import Stance, Stances
from profiles.score import Demand, Score

# A stroke of the slowest bundled profile comes round within half a minute, at 20 beats a second.
RECENT_BEATS = 600
# By then a phase that has just begun has faded in.
AHEAD_S = (1.0, 2.0, 3.0)


class Deck:
    """One massager while it is played, `name` to its user; `heat` says that its pad may be on."""

    def __init__(
        self,
        name: str,
        massager: Massager,
        score: Score,
        port: Port,
        *,
        heat: bool = False,
        stances: Stances | None = None,
    ) -> None:
        self.name = name
        self.massager = massager
        self.score = score
        self.port = port
        self.stances = stances or Stances((Stance.of(name, massager, heat=heat),))
        self.frame: CappedFrame | None = None
        self.asked: tuple[float, ...] = (0.0,) * len(massager.steps)
        self.sent_steps: tuple[int, ...] = (0,) * len(massager.steps)
        self.warm = False
        self._recent: deque[tuple[float, ...]] = deque([self.asked], maxlen=RECENT_BEATS)
        self._pad = Pad(name)
        self.battery = Gauge()
        self.stopped: StopOutcome | None = None
        self._stops: set[asyncio.Task[StopOutcome]] = set()
        self.outbox: Outbox | None = None
        self._governor: Governor | None = None
        self._terms: Terms | None = None
        self._telemetry: Telemetry | None = None
        self._writer: asyncio.Task[None] | None = None
        port.listen(self._on_report)

    async def agree(self, governor: Governor, *, person: bool = False) -> None:
        """Tell the last gate the highest steps that `governor` will ever let through.

        `person` says that somebody with answered screening lies under it: the mannequin is nobody.
        """
        pad, channel = self.mount.pad, self.massager.heat
        heat = 0 if pad is None or channel is None else channel.target(pad.max_c)
        zone = self.stances.least_strict(governor.limits) if self.massager.held else None
        self._terms = Terms(self.stances.highest_steps(governor), zone, person, heat)
        await self.port.agree(self._terms)
        self._governor = governor

    @property
    def mount(self) -> Mount:
        """Where it is now, for the governor."""
        return self.stances.held.mount

    async def agree_on(self, port: Port) -> None:
        """Tell the gate of a new link to this massager what was agreed with the one before.

        Raises:
            HubError: As `Port.agree`.
        """
        if self._terms is not None:
            await port.agree(self._terms)

    async def let_go(self) -> None:
        """End the outbox and the link of a massager that was lost."""
        await self.all_stopped()
        await self.end_outbox()
        self._take_note(await self.port.close(lambda: False))

    def adopt(self, port: Port) -> None:
        """Go on over a new link, whose first stop was confirmed; every ramp begins at 0."""
        self.port = port
        port.listen(self._on_report)
        self._take_note(StopOutcome(confirmed=True, took_s=None))
        if self._governor is not None:
            self.open_outbox(self._governor)

    def open_outbox(self, governor: Governor) -> None:
        """Let frames out from here on; `governor` hears of those that arrived."""
        if self.massager.tells_levels:
            count, now_s = len(self.massager.steps), asyncio.get_running_loop().time()
            self._telemetry = Telemetry(governor.limits.telemetry, count, now_s)

        def on_sent(frame: CappedFrame, now_s: float, steps: tuple[int, ...]) -> None:
            self.sent_steps = steps
            self.warm = frame.heat_c is not None
            governor.sent(frame, now_s, steps)

        self.outbox = Outbox(self.port, on_sent)
        self._writer = asyncio.create_task(self.outbox.run(), name=f"outbox {self.name}")

    @property
    def lost(self) -> bool:
        """Whether the massager is gone; a write may say so before its link does."""
        failed = self.outbox.failed if self.outbox is not None else None
        return self.port.lost.is_set() or isinstance(failed, LinkLost)

    @property
    def trouble(self) -> str | None:
        """Why frames no longer get through, or None."""
        if self.outbox is not None and self.outbox.failed is not None:
            return str(self.outbox.failed)
        if self._writer is not None and self._writer.done():
            return f"{self.name}: its outbox ended"
        return None

    def strange(self, now_s: float) -> str | None:
        """Return what it does that nobody asked for, a sentence, or None."""
        what = self._telemetry.trouble(now_s) if self._telemetry is not None else None
        return what and f"{self.name}: {what}"

    async def end_outbox(self) -> None:
        """End the writer of frames. Raises what it ended with, if that was a mistake of ours."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait((self._writer,))
            if not self._writer.cancelled() and (error := self._writer.exception()) is not None:
                raise error

    def put(self, frame: CappedFrame, demand: Demand) -> None:
        """Hand the newest frame to the outbox."""
        self.frame = frame
        self.asked = demand.levels
        self._recent.append(demand.whole)
        if self._governor is not None:
            self._pad.judged(self._governor.heat)
        if not frame.idle:
            self.stopped = None
        if self._telemetry is not None:
            self._telemetry.told(frame.steps, frame.judged_at_s)
        if self.outbox is not None:
            self.outbox.put(frame)

    def begin_stop(self) -> None:
        """Start to write stop, now, and drop the frame that waits."""
        task = self.port.begin_stop()
        self._stops.add(task)
        task.add_done_callback(self._on_stopped)
        self.sent_steps = (0,) * len(self.sent_steps)
        self.warm = False
        if self._telemetry is not None:
            self._telemetry.told(self.sent_steps, asyncio.get_running_loop().time())
        if self.outbox is not None:
            self.outbox.forget()

    def _on_stopped(self, task: "asyncio.Task[StopOutcome]") -> None:
        self._stops.discard(task)
        if task.cancelled() or task.exception() is not None:
            return
        self._take_note(task.result())

    def _take_note(self, outcome: StopOutcome) -> None:
        if outcome.confirmed or self.stopped is None:
            self.stopped = outcome
        if outcome.confirmed and self._governor is not None:
            # From here on it rests; a stop that nobody confirmed is no rest.
            self.stances.restart(self._governor, asyncio.get_running_loop().time())

    def demands(self, position_s: float) -> list[Demand]:
        """Return what each place of this massager is asked for; 0 where it is not."""
        return self.stances.demands(self.score, position_s)

    def demand_about(self, position_s: float, caps: tuple[float, ...]) -> float:
        """The strongest level asked for lately and right ahead, no motor above its cap in `caps`.

        What "softer" starts from. What was let through would not do: during the soft start that is
        next to nothing, and a fifth less than nothing is nothing for the rest of the session. Nor
        would the past alone while a phase fades in, or the warm-up's part of what is asked.
        """
        ahead_s = (min(position_s + s, self.score.duration_s) for s in AHEAD_S)
        score = self.stances.held.score or self.score
        demands = (*self._recent, *(score.at(t_s).whole for t_s in ahead_s))
        strongest = map(max, zip(*demands, strict=True))
        return max(min(pair) for pair in zip(strongest, caps, strict=True))

    @property
    def stopping(self) -> bool:
        """Whether a stop is being written."""
        return bool(self._stops)

    async def all_stopped(self) -> None:
        """Wait until every stop that was begun has been confirmed or given up."""
        while self._stops:
            await asyncio.wait(self._stops)

    def _on_report(self, report: Report) -> None:
        if report.battery_percent is not None:
            self.battery.read(report.battery_percent)
        now_s = asyncio.get_running_loop().time()
        if report.levels is not None and self._telemetry is not None:
            self._telemetry.said(report.levels, now_s)
        if report.heat_c is not None:
            self._pad.read(report.heat_c)
            if self._governor is not None:
                self._governor.heat.read(self.name, report.heat_c, now_s)

    @property
    def may_be_running(self) -> bool:
        """Whether a motor may be moving: the last thing confirmed was not a stop."""
        return self.stopped is None or not self.stopped.confirmed

    def view(self, governor: Governor, returning_left_s: float | None = None) -> DeviceView:
        """Return this massager as others see it; `returning_left_s` as in `DeviceView`."""
        caps = governor.caps(self.mount.device)
        bound = self.frame.bound_by if self.frame is not None else (None,) * len(caps)
        actuators = tuple(
            ActuatorView(asked, step / of, cap, rule)
            for asked, step, of, cap, rule in zip(
                self.asked, self.sent_steps, self.massager.steps, caps, bound, strict=True
            )
        )
        heat = None
        if self.massager.heat is not None:
            asked = self.mount.pad is not None
            heat = self._pad.view(governor.heat, asked=asked, on=self.warm)
        gone = "lost" if returning_left_s is None else "returning"
        return DeviceView(
            self.name,
            self.massager.model,
            gone if self.lost or returning_left_s is not None else "connected",
            self.may_be_running,
            self.battery.percent,
            actuators,
            heat,
            returning_left_s,
        )

    def heat_end(self, governor: Governor, now_s: float) -> HeatEnd | None:
        """Return what its heat pad did; None if it was not asked for or there is none."""
        return None if self.mount.pad is None else self._pad.end(governor.heat, now_s)
