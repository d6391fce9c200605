"""Running: one session of a service, from its order to its last confirmed stop."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePath

from devicehub.errors import HubError, RadioError, StopUnconfirmed
from devicehub.hub import Hub
from devicehub.messages import (
    Command,
    CommandKind,
    DeviceEnd,
    EndReason,
    Event,
    SessionState,
    Snapshot,
    Summary,
)
from devicehub.outside import SessionNow, Step
from devicehub.service.ground import Ground, Order
from devicehub.session.plan import Plan
from profiles.errors import ProfileError

# So long a session that nobody can reach any more takes to become still, in steps that nobody
# feels as a step (engineering choice; a fall is never limited, this one is for comfort).
EASING_S = 3.0
EASING_STEPS = 12

_LOG = logging.getLogger(__name__)


class Running:
    """One session. `leased`: somebody afar started it, and it ends when they are out of reach."""

    def __init__(
        self,
        id: str,  # noqa: A002 - what it is
        order: Order,
        plan: Plan,
        tell: Callable[[Event, str], None],
        *,
        started_s: float,
        leased: bool = False,
    ) -> None:
        self.id, self.order, self.plan, self.leased = id, order, plan, leased
        self.started_s = started_s
        self.summary: Summary | None = None
        loop = asyncio.get_running_loop()
        self.asked_at_s = loop.time()
        self.left: asyncio.Future[tuple[DeviceEnd, ...]] = loop.create_future()
        self.begun: asyncio.Future[None] = loop.create_future()
        self.easing: asyncio.Task[None] | None = None
        self._tell = tell
        self._hub: Hub | None = None
        self._rung: Command | None = None
        self._timeline: tuple[Step, ...] = ()

    # -- what can be asked of it ----------------------------------------------------------------

    def post(self, command: Command) -> None:
        """Ask for something; stop acts before this returns, and before there is a hub it waits."""
        if command.kind in (CommandKind.STOP, CommandKind.HURTS):
            self._rung = command
        if self._hub is not None:
            self._hub.post(command)

    def ease(self, why: str) -> None:
        """Begin to end softly: the ceiling goes down, then stop; a stop meanwhile is a stop."""
        if self.easing is None:
            self.event("easing", detail=why)
            self.easing = asyncio.create_task(self._ease(why), name=f"easing {self.id}")

    async def _ease(self, why: str) -> None:
        now = self.snapshot
        if now is not None and now.state is SessionState.PLAYING:
            for step in range(EASING_STEPS - 1, -1, -1):
                level = now.ceiling * step / EASING_STEPS
                lately = self.snapshot
                if lately is not None and level < lately.ceiling:
                    self.post(Command(CommandKind.CEILING, why, level))
                await asyncio.sleep(EASING_S / EASING_STEPS)
        self.post(Command(CommandKind.STOP, why))

    @property
    def has_begun(self) -> bool:
        """Whether it came so far that its massagers were looked for."""
        begun = self.begun
        return begun.done() and not begun.cancelled() and begun.exception() is None

    # -- what it is -----------------------------------------------------------------------------

    @property
    def profile(self) -> str:
        """The name of what it plays; where somebody's file lies is nobody's business."""
        return PurePath(self.order.profile).stem

    @property
    def devices(self) -> tuple[str, ...]:
        """The ids of its massagers."""
        return tuple(place.id for place in self.order.places)

    @property
    def snapshot(self) -> Snapshot | None:
        """The session now, or None while massagers are looked for."""
        return self._hub.snapshot() if self._hub is not None else None

    @property
    def looked_for(self) -> tuple[str, ...]:
        """Those of its massagers that were lost, may be running, and are looked for."""
        return self._hub.looked_for() if self._hub is not None else ()

    @property
    def called(self) -> tuple[str, ...] | None:
        """Everything that its massagers may be called; None before all are connected."""
        return self._hub.called() if self._hub is not None else None

    def now(self) -> SessionNow:
        """Return the session as those outside see it."""
        return SessionNow(
            id=self.id,
            devices=self.devices,
            profile=self.profile,
            origin="remote" if self.leased else "local",
            started_s=self.started_s,
            planned_s=self._planned_s(),
            ceiling=self.order.ceiling,
            timeline=self._timeline,
            snapshot=self.snapshot,
            summary=self.summary,
            simulated=self._hub is not None and self._hub.simulated,
        )

    def _planned_s(self) -> float:
        if self._hub is not None and self._hub.session is not None:
            return self._hub.session.player.duration_s
        minutes = self.order.minutes
        return self.plan.profile.duration_s if minutes is None else 60.0 * minutes

    def event(self, name: str, device: str | None = None, detail: str = "") -> None:
        """Tell what happened to it."""
        session = self._hub.session if self._hub is not None else None
        at_s = round(session.player.position_s, 3) if session is not None else 0.0
        self._tell(Event(at_s, name, device, detail), self.id)

    # -- its life -------------------------------------------------------------------------------

    async def run(self, ground: Ground) -> None:
        """Play it to its end, whatever that is; raises nothing but a cancellation."""
        try:
            self.summary = await self._played(ground)
        except (HubError, ProfileError) as error:
            self.summary = self._failed(error)
        except Exception as error:  # noqa: BLE001 - one may fail in any way; the others go on
            _LOG.exception("session %s failed", self.id)
            self.summary = self._failed(error)
        finally:
            await self._ended()

    async def _played(self, ground: Ground) -> Summary:
        try:
            async with ground.open(self.order, self.plan, self._hear, self.post) as hub:
                self._hub = hub
                hub.on_left = self._on_left
                self.event("session_started", detail=self.profile)
                self.begun.set_result(None)
                if self._rung is not None:
                    hub.post(self._rung)
                return await hub.run()
        except Exception as error:
            if not self.begun.done():
                self.begun.set_exception(error)
                self.begun.exception()  # whoever asked may have given up: then nobody reads it
            raise

    def _hear(self, event: Event) -> None:
        if self.easing is None or event.name != "lowered":  # one word for all steps of a soft end
            self._tell(event, self.id)
        hub = self._hub
        if event.name == "started" and hub is not None and hub.session is not None:
            passages = hub.session.decks[0].score.passages
            self._timeline = tuple(
                Step(one.start_s, one.end_s - one.start_s, one.technique, one.zones, one.cue)
                for one in passages
            )

    def _on_left(self, ends: tuple[DeviceEnd, ...]) -> None:
        if not self.left.done():
            self.left.set_result(ends)

    def _failed(self, error: Exception) -> Summary:
        """Return what is left of a session that ended in an error."""
        ends = self._hub.ends if self._hub is not None else ()
        now = self.snapshot
        detail = str(error) or type(error).__name__
        played_s = now.elapsed_s if now is not None else 0.0
        return Summary(_reason(error), detail, self.plan.profile.title, played_s, (), (), ends)

    async def _ended(self) -> None:
        self._on_left(self._hub.ends if self._hub is not None else ())
        if not self.begun.done():
            self.begun.cancel()
        if self.easing is not None:
            self.easing.cancel()
            with suppress(asyncio.CancelledError):
                await self.easing


def _reason(error: BaseException) -> EndReason:
    """Return why a session ended that ended with `error`."""
    if isinstance(error, StopUnconfirmed) and error.__cause__ is not None:
        return _reason(error.__cause__)  # that one says what happened first
    if isinstance(error, RadioError):
        return EndReason.LOST
    return EndReason.SAFETY if isinstance(error, HubError) else EndReason.FAILED
