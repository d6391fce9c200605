"""What `devicehub play` was asked for, checked before anything is switched on."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import click

from devicehub.cli import held, named, own
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.own import known_with
from devicehub.safety.limits import load_user
from devicehub.session.plan import Plan
from profiles.text import Language

SIMULATED = "sim:"
NOBODY = (
    "{}: say who is under it, --person NAME\n"
    "(devicehub person add NAME, then devicehub person screen NAME; without one, only simulated)"
)
# Slower, a minute takes over an hour and a half.
MIN_SPEED = 0.01
# Faster than this the loop cannot keep up anyway; "max" says so.
MAX_SPEED = 10_000.0


@dataclass(frozen=True, slots=True)
class Request:
    """The words of the command line; `speed` is None for real time or as fast as possible.

    `files` are the massager files that were named on it, by the model that is played of each. `led`
    says that somebody outside can be asked where a handheld is, as a service can. `settings` is
    where proxies are set; None for the usual file. `on_bench` says that the massager lies off the
    body, for a stop test.
    """

    profile: str
    devices: tuple[str, ...]
    zones: tuple[str, ...]
    person: str | None
    ceiling: float
    minutes: float | None
    speed: float | None
    virtual: bool
    address: str | None
    tape: Path | None
    as_json: bool
    heat: bool = False
    mqtt: str | None = None
    watch: bool = False
    language: Language = "en"
    speak: bool = False
    led: bool = False
    files: Mapping[str, Path] = field(default_factory=dict[str, Path])
    settings: Path | None = None
    on_bench: bool = False

    @property
    def on_screen(self) -> bool:
        """Whether somebody follows on a terminal while time passes, and can be asked."""
        timeless = self.virtual and self.speed is None
        return not (self.as_json or timeless) and on_terminal()

    def check_keyboard(self) -> None:
        """Refuse a person whose session is shown on a terminal while nobody there can answer.

        Raises:
            SafetyRefusal: Standard input is not that terminal's.
        """
        lies_under = self.person is not None and not self.models
        if lies_under and not self.as_json and shown() and not on_terminal():
            raise SafetyRefusal(
                f"{self.person}: standard input is no terminal, so nobody can be asked here and no "
                "key stops; --yes says that all is prepared, devicehub stop stops"
            )

    @property
    def nothing_real(self) -> bool:
        """Whether all that may move is known to be simulated.

        Behind `--air` only the far side knows; without a person it has to prove it, or is refused.
        """
        return bool(self.models) or (self.address is not None and self.person is None)

    @property
    def asks_places(self) -> bool:
        """Whether somebody can be asked where a handheld is."""
        return self.led or (not self.zones and self.on_screen)

    @property
    def library(self) -> Library:
        """Every massager that is known, those of `files` among them."""
        return known_with(self.files.values())

    @property
    def models(self) -> tuple[str, ...]:
        """The simulated models of this process, in the order asked for."""
        return tuple(name.removeprefix(SIMULATED) for name in self.devices if self.is_local(name))

    @property
    def massagers(self) -> dict[str, Massager]:
        """The simulated massagers of this process, by the name under which each was asked for."""
        library = self.library
        return {name: named.massager(name, library) for name in self.devices if self.is_local(name)}

    @property
    def firmwares(self) -> tuple[str, ...]:
        """What the simulator calls each of `models`."""
        return tuple(own.firmware_of(model, self.files) for model in self.models)

    def is_local(self, device: str) -> bool:
        """Say whether `device` is simulated in this process."""
        return device.startswith(SIMULATED)

    def checked_plan(self) -> Plan:
        """Return the plan.

        Raises:
            ProfileError, UsageError: Something is wrong with what was asked for.
            SafetyRefusal: It may not be played.
        """
        limits = load_user()
        profile = named.profile(self.profile)
        self._check_devices()
        zone, zones = held.zones_of(self.zones, self.devices)
        plan = Plan(profile, zone, self.ceiling, self.minutes, zones, self.heat, self.asks_places)
        self._check_options()
        if self.watch:
            self._check_watch()
        plan.check(limits)
        if self.models:
            plan.place_all(self.massagers, limits)
        return plan

    def tapes(self) -> dict[str, Path]:
        """Return the tape of each simulated model."""
        if self.tape is None:
            return {}
        if len(self.models) == 1:
            return {self.models[0]: self.tape}
        return {
            model: self.tape.with_name(f"{self.tape.stem}.{model}{self.tape.suffix}")
            for model in self.models
        }

    def _check_devices(self) -> None:
        for massager in self.massagers.values():
            own.check_simulated(massager.model, self.files)
        twice = {name for name in self.devices if self.devices.count(name) > 1}
        if twice:
            raise UsageError(f"--device {min(twice)}: given twice; a session plays it once")

    def _check_broker(self, url: str) -> None:
        from devicehub.publish.settings import from_url  # noqa: PLC0415 - for --mqtt only

        if self.virtual:
            raise UsageError("--speed: who reads MQTT lives in real time; leave one of them out")
        from_url(url)

    def _check_watch(self) -> None:
        if not named.is_file(self.profile):
            raise UsageError(f"--watch: {self.profile} is bundled and stays as it is; give a file")
        if self.person is not None:
            raise UsageError(f"--watch: not over {self.person}; on simulated massagers only")
        if self.asks_places and any(each.needs_zone for each in self.massagers.values()):
            raise UsageError("--watch: say where the handheld is held, --zone with a zone")
        if self.virtual and self.speed is None:
            raise UsageError("--watch: nobody writes at --speed max; leave one of them out")

    def _check_options(self) -> None:
        local = [name for name in self.devices if self.is_local(name)]
        far = [name for name in self.devices if not self.is_local(name)]
        if local and far:
            raise UsageError(
                f"--device {local[0]} and {far[0]}: one session plays simulated massagers of this "
                "process or others, not both"
            )
        if local and self.address is not None:
            raise UsageError(
                f"--air: {local[0]} is in this process; name the device as it advertises"
            )
        if self.person is not None and self.virtual:
            raise UsageError(f"--speed: {self.person} lives in real time; leave it or --person out")
        if far and self.virtual:
            raise UsageError(
                f"--speed: {far[0]} lives in real time; only {SIMULATED}MODEL can be faster"
            )
        if self.mqtt is not None:
            self._check_broker(self.mqtt)
        if far and self.tape is not None:
            raise UsageError("--tape: the simulator writes it; give --tape to firmware-sim run")
        if far and self.address is None and self.person is None:
            raise SafetyRefusal(NOBODY.format(far[0]))


def on_terminal() -> bool:
    """Say whether a person sees the output and can press keys."""
    return _is_terminal(sys.stdin) and shown()


def shown() -> bool:
    """Say whether the output is a terminal."""
    return _is_terminal(sys.stdout)


def _is_terminal(stream: TextIO | None) -> bool:
    """Say whether it is one; a stream that the shell has closed is None."""
    return stream is not None and stream.isatty()


def speed_of(text: str | None) -> float | None:
    """Return how many times real time `text` says; None for real time and for ``max``.

    Raises:
        click.BadParameter: It is no speed.
    """
    if text is None or text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not MIN_SPEED <= speed <= MAX_SPEED:
        raise click.BadParameter(
            f"{text!r}: a number from {MIN_SPEED:g} to {MAX_SPEED:g}, or max", param_hint="--speed"
        )
    return speed
