"""Massager: everything that is known of one product, ready to be driven.

Built from a family's file by `build`, handed out by `library`. Facts only: it holds no link.
"""

from dataclasses import dataclass, replace

from devicehub.errors import UsageError
from devicehub.massagers.frame import Frame
from devicehub.massagers.identity import Identity
from devicehub.massagers.report import ReportFrame
from devicehub.massagers.wire import Encoded, Write
from profiles.body import ZONES
from profiles.layout import Layout


@dataclass(frozen=True, slots=True)
class Presses:
    """The keys of a massager that knows only more and less, one for each actuator."""

    up: tuple[Write, ...]
    down: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Codec:
    """The frames of one model.

    Attributes:
        frames: The level frames: together they carry every level once; none where there are keys.
        stop: The frames that stop everything; where there are keys, also the way to a known level.
        zero_is_stop: Whether the stop frames are sent when every level is 0.
        wake: What is said before the first level after none; it moves nothing.
        presses: The keys, or None for a massager that takes levels.
    """

    frames: tuple[Frame, ...]
    stop: tuple[Frame, ...]
    zero_is_stop: bool
    wake: tuple[Write, ...] = ()
    presses: Presses | None = None

    @property
    def whole(self) -> bool:
        """Whether one frame carries the whole state."""
        return len(self.frames) == 1


@dataclass(frozen=True, slots=True)
class HeatChannel:
    """A heat pad and its frames.

    Attributes:
        on: The frame that carries a target, as the level of an actuator 0.
        off: The frame that switches it off.
        a_degree: How many units of the target make a degree Celsius.
        max_c: The highest target in degrees Celsius, at most 40.
        sensor: Whether the massager says how warm the pad is.
        in_stop: Whether the stop of its motors switches it off too.
    """

    on: Frame
    off: Frame
    a_degree: int
    max_c: int
    sensor: bool
    in_stop: bool

    def target(self, celsius: float | None) -> int:
        """Return a target in units, rounded down and at most `max_c`; None, off, is 0."""
        return 0 if celsius is None else int(min(celsius, self.max_c) * self.a_degree)


@dataclass(frozen=True, slots=True)
class Expect:
    """The answer that a connect step waits for.

    Attributes:
        char: UUID of the characteristic that is notified.
        prefixes: How the answer may begin, in bytes.
        timeout_s: How long to wait before the write is repeated.
        tries: How often it is written in all.
        required: Whether connecting fails without the answer; else it goes on.
    """

    char: str
    prefixes: tuple[bytes, ...]
    timeout_s: float
    tries: int
    required: bool

    def matches(self, data: bytes) -> bool:
        """Say whether `data` is the answer."""
        return data.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class Glance:
    """A characteristic to read while connecting, and how it may begin; empty for anyhow."""

    char: str
    prefixes: tuple[bytes, ...]

    def matches(self, data: bytes) -> bool:
        """Say whether `data` is what was expected."""
        return not self.prefixes or data.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class ConnectStep:
    """One step after connecting: words that move nothing, or a look at a characteristic.

    The characteristics in `Massager.notifies` are subscribed before the first step.

    Attributes:
        does: The words, or what is read.
        expect: The answer to wait for, or None.
        wait_s: A pause after it, in seconds.
    """

    does: Encoded | Glance
    expect: Expect | None
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Massager:
    """What is known of one product.

    Attributes:
        model: Name of the model, as on the command line.
        family: Name of the family, which is its file's.
        title: For people.
        stimulus_class: Row of the table of limits, for example ``"surface_vibration"``.
        layout: Where its actuators sit and which zones they are felt in.
        steps: Highest step of each actuator.
        ratings: Strongest level that the maker allows in continuous use, 0..1 per actuator.
        identify: What its advertisement shows.
        notifies: UUIDs of the characteristics to subscribe.
        battery: UUID of the characteristic to read the battery from, or None.
        battery_ask: Writes that ask for the battery, answered by a notification, or None.
        connect: What is said after connecting, in order.
        stops: Ready-made stops; more than one where a counter makes them differ.
        stops_on_disconnect: ``"yes"``, ``"no"`` or ``"unknown"``.
        on_lost_link: What to do by hand when the link is lost, a sentence for the user.
        lease_s: How long a level holds without being renewed, or None if it holds for ever.
        refresh_s: How often unchanged levels are written again.
        min_gap_s: Least time between two level frames.
        evidence: Where the facts come from.
        held: Whether it is moved by hand, so that the user says where it is.
        codec: Its frames.
        reports: What it can say.
        heat: Its heat pad, or None.
        controls: What the steps of each actuator are: "levels", "on_off" or "program".
        a_m_s2: Measured vibration at full strength in m/s2, None where nobody has measured.
        status: ``"simulated"``, or ``"tried"`` where hardware was driven, as `evidence` says.
        baud: Bits per second of its serial line; None for one on the air.
        refused: Why it is known but never driven, a sentence; None for one that is.
        pairing_hint: What a person does when it will not connect or answer, a sentence; or None.
    """

    model: str
    family: str
    title: str
    stimulus_class: str
    layout: Layout
    steps: tuple[int, ...]
    ratings: tuple[float, ...]
    identify: Identity
    notifies: tuple[str, ...]
    battery: str | None
    battery_ask: Encoded | None
    connect: tuple[ConnectStep, ...]
    stops: tuple[Encoded, ...]
    stops_on_disconnect: str
    on_lost_link: str
    lease_s: float | None
    refresh_s: float
    min_gap_s: float
    evidence: tuple[str, ...]
    held: bool
    codec: Codec
    reports: tuple[ReportFrame, ...]
    heat: HeatChannel | None
    controls: tuple[str, ...]
    a_m_s2: float | None
    status: str = "simulated"
    baud: int | None = None
    refused: str | None = None
    pairing_hint: str | None = None

    @property
    def tells_levels(self) -> bool:
        """Whether it says regularly, and unasked, what it drives."""
        return any(report.every_s is not None for report in self.reports)

    @property
    def answers_stop(self) -> bool:
        """Whether it says something after a stop by itself: a response, or a notification."""
        return bool(self.notifies) or any(item.response for item in self.stops[0].writes)

    @property
    def tells_battery(self) -> bool:
        """Whether it says how full its battery is, asked or unasked."""
        asked = self.battery is not None or self.battery_ask is not None
        return asked or any(report.tells_battery for report in self.reports)

    @property
    def needs_zone(self) -> bool:
        """Whether the user has yet to say where it is held."""
        return self.held and not all(place.zones for place in self.layout.places)

    def held_at(self, zone: str) -> "Massager":
        """Return this massager as it is held at `zone`.

        Raises:
            UsageError: It is no handheld, or there is no such zone.
        """
        if not self.held:
            raise UsageError(f"--zone {zone}: {self.model} has places of its own; leave --zone out")
        zones = tuple(known.id for known in ZONES)
        if zone not in zones:
            raise UsageError(f"--zone {zone}: no such zone; must be one of {', '.join(zones)}")
        places = tuple(replace(place, zones=(zone,)) for place in self.layout.places)
        return replace(self, layout=replace(self.layout, places=places))
