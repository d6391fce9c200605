"""One model of a massager file, as its simulated firmware needs it; and how the file is read."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from firmware_sim.gatt import Advertisement, CharacteristicSpec, ServiceSpec
from firmware_sim.generic.lines import Line, constant, for_motor, line_of
from firmware_sim.generic.pattern import LineError, Motor

_BLUETOOTH_BASE = "-0000-1000-8000-00805f9b34fb"
_SIXTEEN_BITS, _THIRTY_TWO_BITS = 4, 8  # digits
_SERVICE = "ffff"  # a service of its own, where the file names none

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device says to some words: notifies `char` with `value`."""

    char: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says of one model.

    Attributes:
        model: Its name.
        held: Whether it is moved by hand.
        motors: Its actuators.
        levels: Lines that carry levels.
        keys: Lines that move one motor by a step: the motor, and +1 or -1.
        stop: Lines that stop it, all of them together.
        answers: What it says to words, by characteristic and bytes.
        says: What can be read, by characteristic.
        tells: The characteristic on which it acknowledges what asks for no response, or None.
        lease_s: How long a level holds by itself, or None.
        stops_alone: Whether it stops when its link is lost.
        cabled: Whether it is at the end of a cable.
        advertisement: What it advertises.
        services: Its table.
    """

    model: str
    held: bool
    motors: tuple[Motor, ...]
    levels: tuple[Line, ...]
    keys: tuple[tuple[Line, int, int], ...]
    stop: tuple[Line, ...]
    answers: Mapping[tuple[str, bytes], Answer]
    says: Mapping[str, bytes]
    tells: str | None
    lease_s: float | None
    stops_alone: bool
    cabled: bool
    advertisement: Advertisement
    services: tuple[ServiceSpec, ...]


def read_file(path: Path, model: str | None = None) -> Described:
    """Return what a file says of `model`, or of its first.

    Raises:
        ValueError: The file cannot be read, or says what this reader does not understand; one line.
    """
    try:
        file: Table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: is no TOML: {' '.join(str(error).split())}") from None
    try:
        return _described(file, _chosen(file, model))
    except LineError as error:
        raise ValueError(f"{path}: {error}") from None
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError) as error:
        raise ValueError(
            f"{path}: no massager file ({type(error).__name__}: {error}); "
            "devicehub devices check says what is wrong"
        ) from None


def _chosen(file: Table, model: str | None) -> Table:
    named: dict[str, Table] = {table["name"]: table for table in file["model"]}
    if model is not None and model not in named:
        raise LineError(f"no model {model}; there are {', '.join(named)}")
    return named[model or next(iter(named))]


def _refuse_what_is_not_in_it(file: Table, model: Table) -> None:
    """Refuse what no file can say. Raises LineError."""
    if "codec" in model:
        raise LineError(
            f'{model["name"]}: codec = "{model["codec"]}" is written in Python; '
            "a firmware made from a file knows only what the file says"
        )
    if any("every_s" in report for report in file.get("report", [])):
        raise LineError(
            f"{model['name']}: report with every_s; a firmware made from a file says nothing "
            "unasked, and a session would end for it"
        )


def _described(file: Table, model: Table) -> Described:
    _refuse_what_is_not_in_it(file, model)
    motors = _motors(model)
    pin = file.get("pin", "")
    uuids = {name: uuid_of(char["uuid"]) for name, char in file["chars"].items()}
    line = _line_maker(file, uuids, pin)
    notifying = [uuids[name] for name, char in file["chars"].items() if char.get("notify")]
    identify: Table = model.get("identify") or file.get("identify", {})
    return Described(
        model=model["name"],
        held=model.get("held", False),
        motors=motors,
        levels=tuple(line(said, motors) for said in _level_lines(model, len(motors))),
        keys=tuple(
            (line(said, ()), motor, step)
            for name, step in (("up", 1), ("down", -1))
            for motor, said in enumerate(_each(model.get(name, [])))
        ),
        stop=tuple(line(said, ()) for said in _each(model["stop"])),
        answers=_answers(file, uuids, pin),
        says=_readable(file, uuids, pin),
        tells=notifying[0] if notifying else None,
        lease_s=file.get("lease_s"),
        stops_alone=file.get("stops_on_disconnect") == "yes",
        cabled="baud" in file,
        advertisement=_advertisement(identify, model["name"]),
        services=_services(file, identify, uuids, pin),
    )


def _motors(model: Table) -> tuple[Motor, ...]:
    return tuple(
        Motor(each["steps"], each.get("wire"))
        for each in model["actuators"]
        for _ in range(each.get("count", 1))
    )


def _line_maker(
    file: Table, uuids: Mapping[str, str], pin: str
) -> Callable[[str, Sequence[Motor]], Line]:
    """Return what makes lines of a file; the motors are those whose levels they may carry."""
    written = {
        name: (uuids[name], char["response"])
        for name, char in file["chars"].items()
        if "response" in char
    }
    return lambda said, motors: line_of(said, written, motors, pin)


def uuid_of(pattern: str) -> str:
    """Return the UUID that the simulated device has: open digits are 0, 32 bits are in full."""
    uuid = pattern.lower().replace("?", "0")
    return uuid + _BLUETOOTH_BASE if len(uuid) == _THIRTY_TWO_BITS else uuid


def _level_lines(model: Table, motors: int) -> list[str]:
    if "set_each" in model:
        return [for_motor(model["set_each"], motor) for motor in range(motors)]
    return _each(model.get("set", []))


def _answers(file: Table, uuids: Mapping[str, str], pin: str) -> dict[tuple[str, bytes], Answer]:
    """Return what it says to the words of the file that wait for an answer."""
    answers: dict[tuple[str, bytes], Answer] = {}
    for step in file.get("connect", []):
        if "expect" in step:
            begins = _each(step["expect"]["begins"])[0]
            name = _name_of(step["write"])
            answer = Answer(uuids[step["expect"]["char"]], constant(begins, pin))
            answers[uuids[name], constant(step["write"], pin)] = answer
    return answers


def _readable(file: Table, uuids: Mapping[str, str], pin: str) -> dict[str, bytes]:
    """Return what the file reads, with what it wants to read."""
    says: dict[str, bytes] = {}
    if "read" in file.get("battery", {}):
        says[uuids[file["battery"]["read"]]] = bytes([100])
    for step in file.get("connect", []):
        if "read" in step:
            begins = _each(step.get("begins", []))
            says[uuids[step["read"]]] = constant(begins[0], pin) if begins else b""
    return says


def _name_of(said: str) -> str:
    return said.split(maxsplit=1)[0].removeprefix("@") if said.startswith("@") else "tx"


def _advertisement(identify: Table, model: str) -> Advertisement:
    names = identify.get("names", [model])
    maker = identify.get("manufacturer")
    return Advertisement(
        names[0].replace("*", "1"),
        tuple(uuid_of(service) for service in _each(identify.get("service", []))[:1]),
        {maker["company"]: bytes.fromhex(_each(maker.get("prefix", ""))[0])} if maker else {},
    )


def _services(
    file: Table, identify: Table, uuids: Mapping[str, str], pin: str
) -> tuple[ServiceSpec, ...]:
    """Return one service with every characteristic of the file; names that share one are one."""
    offers: dict[str, set[str]] = {}
    for name, char in file["chars"].items():
        offered = offers.setdefault(uuids[name], set())
        if "response" in char:
            offered.add("write" if char["response"] else "write-without-response")
        if char.get("notify"):
            offered.add("notify")
    for uuid in _readable(file, uuids, pin):
        offers[uuid].add("read")
    table = tuple(CharacteristicSpec(uuid, frozenset(some)) for uuid, some in offers.items())
    service = _each(identify.get("service", _SERVICE))[0]
    return (ServiceSpec(uuid_of(service), table),)


def _each(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]
