"""Board: everything that is to be told of a hub, kept up to date whether a broker is there or not.

The hub only ever puts things here; nothing in it waits.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from devicehub.outside import Alert, Happening, Severity
from devicehub.publish import homeassistant, states, wire
from devicehub.publish.freshness import LONGEST_TTL_S
from devicehub.publish.line import Outgoing, Version
from devicehub.publish.manifest import Manifest
from devicehub.publish.outbox import Outbox
from devicehub.publish.port import HubPort
from devicehub.publish.settings import MqttSettings
from devicehub.publish.shelf import Shelf
from devicehub.publish.states import Head
from devicehub.publish.topics import OUT, Topics
from devicehub.publish.wire_base import Payload, rounded


class Board:
    """What there is to tell."""

    def __init__(
        self,
        port: HubPort,
        settings: MqttSettings,
        topics: Topics,
        wall_s: Callable[[], float],
        manifest: Manifest,
    ) -> None:
        """Make it; `wall_s` tells seconds since 1970, `manifest` what an earlier run left."""
        self._port = port
        self._settings = settings
        self._wall_s = wall_s
        self._seq = 0
        self._alerts: dict[str, Alert] = {}
        self._denied_topics: set[str] = set()
        self.topics = topics
        self._manifest = manifest
        self.shelf = Shelf()
        self.shelf.haunt(manifest.topics)
        self.outbox = Outbox()
        self.replay: deque[Happening] = deque()
        self.changed = asyncio.Event()
        self.live = False
        self.denied = 0

    # -- from the hub and from the lines ---------------------------------------------------------

    def hear(self, happening: Happening) -> None:
        """Take note that something happened."""
        self._seq = max(self._seq, happening.seq)
        self.outbox.put(happening, late=not self.live)
        self.changed.set()

    def raised(self, kind: str, detail: str) -> None:
        """Let an alert of the publisher's own stand."""
        if kind not in self._alerts:
            self._alerts[kind] = Alert(kind, None, self._wall_s(), detail)
            self.changed.set()

    def cleared(self, kind: str) -> None:
        """Take an alert of the publisher's own down."""
        if self._alerts.pop(kind, None) is not None:
            self.changed.set()

    def refused(self, topic: str, code: int) -> None:
        """Take note that the broker let a message go nowhere."""
        self.denied += 1
        self._denied_topics.add(topic.removeprefix(self.topics.root + "/"))
        self._alerts.pop("denied", None)
        listed = ", ".join(sorted(self._denied_topics)[:5])
        self.raised("denied", f"the broker's access rules (0x{code:02x}) forbid {listed}")

    def allowed(self) -> None:
        """Begin anew to take note of what is denied: a new line may have other rules."""
        self._denied_topics.clear()
        self.cleared("denied")
        self.cleared("rival")

    def play_again(self, from_seq: int) -> int:
        """Let events go out again, from a number on; return how many."""
        self.replay = deque(self._port.since(from_seq - 1))
        self.changed.set()
        return len(self.replay)

    # -- for the lines ---------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """What every payload of this instant begins with."""
        return Head(self._wall_s(), self._port.identity.boot)

    @property
    def standing(self) -> tuple[Alert, ...]:
        """The alerts of the publisher's own."""
        return tuple(self._alerts.values())

    def look(self) -> None:
        """Bring everything that is retained up to date."""
        head, cards = self.head, self._port.cards()
        sessions = {device: each for each in self._port.sessions() for device in each.devices}
        fleet = [
            self._put("info", self._info(head)),
            self._put("alert", states.alerts(head, [*self._port.alerts(), *self.standing])),
        ]
        for card in cards:
            told = states.of_device(head, card, sessions.get(card.id), self._seq)
            fleet += [self._put(kind, payload, device=card.id) for kind, payload in told]
        ours = [*fleet, *self._discovery(), self.topics.out("availability")]
        self.shelf.keep_only(ours)
        self._manifest.keep({*ours, *self.shelf.topics})

    def progress(self) -> list[Outgoing]:
        """Return how far every session is that plays."""
        head, channel = self.head, OUT["progress"]
        return [
            Outgoing(
                self.topics.out("progress", device=device),
                payload.encoded(),
                channel.qos,
                channel.retain,
                channel.expiry_s,
            )
            for session in self._port.sessions()
            for device, payload in states.progress(head, session)
        ]

    @property
    def runs(self) -> bool:
        """Whether a session runs, so that things may change without an event."""
        return any(session.summary is None for session in self._port.sessions())

    def health(self, conn: int, version: Version, commands: int, dropped: int) -> wire.Health:
        """Return how the hub fares: its line, how many commands came, and how many were dropped."""
        head, vitals, outbox = self.head, self._port.vitals(), self.outbox
        lag_ms = vitals.loop_lag_ms
        return wire.Health(
            ts=head.ts,
            boot=head.boot,
            uptime_s=rounded(vitals.uptime_s),
            loop_lag_ms=None if lag_ms is None else rounded(lag_ms),
            conn=conn,
            protocol="5" if version is Version.V5 else "3.1.1",
            outbox=len(outbox),
            dropped=wire.Dropped(
                info=outbox.dropped[Severity.INFO], warning=outbox.dropped[Severity.WARNING]
            ),
            denied=self.denied,
            commands=commands,
            commands_dropped=dropped,
            adapters=vitals.adapters,
        )

    def event(self, happening: Happening, *, hist: bool) -> Outgoing:
        """Return an event as it is sent."""
        payload = states.event(self.head, happening, hist=hist)
        return self.message("event", payload, severity=happening.severity.value)

    def message(self, kind: str, payload: Payload, **levels: str) -> Outgoing:
        """Return a payload as it is sent."""
        channel = OUT[kind]
        return Outgoing(
            self.topics.out(kind, **levels),
            payload.encoded(),
            channel.qos,
            channel.retain,
            channel.expiry_s,
        )

    def _put(self, kind: str, payload: Payload, **levels: str) -> str:
        topic, channel = self.topics.out(kind, **levels), OUT[kind]
        self.shelf.put(topic, payload, qos=channel.qos, expiry_s=channel.expiry_s)
        return topic

    def _discovery(self) -> list[str]:
        """Put what Home Assistant reads on the shelf, and return its topics."""
        if not self._settings.discovery:
            return []
        found = homeassistant.discovery(
            self.topics,
            self._port.identity,
            self._port.cards(),
            self._port.profiles(),
            self._settings.offer,
        )
        for each in found:
            self.shelf.put_raw(each.topic, each.encoded())
        return [each.topic for each in found]

    def _info(self, head: Head) -> wire.About:
        return wire.About(
            ts=head.ts,
            boot=head.boot,
            version=self._port.identity.version,
            contract=wire.CONTRACT,
            remote_start=self._settings.remote_start,
            link_grace_s=self._settings.link_grace_s,
            max_ttl_s=LONGEST_TTL_S,
            progress_hz=self._settings.progress_hz,
            profiles=tuple(self._port.profiles()),
            devices=tuple(card.id for card in self._port.cards()),
        )
