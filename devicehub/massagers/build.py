"""A checked table to massagers: frames compiled, actuators placed, what no schema can see found.

Mistakes do not end the work: each is noted with its key path and all are raised together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from devicehub.massagers import claims, schema
from devicehub.massagers.compiling import Compiler
from devicehub.massagers.driving import codec_of
from devicehub.massagers.encode import stops
from devicehub.massagers.family import Family, Vector
from devicehub.massagers.heating import heat_channel, with_heat
from devicehub.massagers.identity import Identity, Manufacturer
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Codec, ConnectStep, HeatChannel, Massager
from devicehub.massagers.overlap import overlap
from devicehub.massagers.placing import lay_out
from devicehub.massagers.report import ReportFrame
from devicehub.massagers.updating import updates_firmware
from devicehub.massagers.wire import Encoded
from profiles.layout import Layout


def build(file: schema.MassagerFile, source: str) -> Family:
    """Return the massagers of a file.

    Args:
        file: The checked table.
        source: The file's name, for messages.

    Raises:
        MassagerError: Something in it makes no sense; one line per mistake.
    """
    mistakes = Mistakes(source)
    for name, char in file.chars.items():
        if updates_firmware(char.uuid):
            mistakes.add(f"chars.{name}.uuid", "must not be one for firmware updates", char.uuid)
    massagers: dict[str, Massager] = {}
    for number, model in enumerate(file.model):
        path = f"model[{number}]"
        if model.name in massagers:
            mistakes.add(f"{path}.name", "must differ from the models before it", model.name)
        massager = _massager(file, model, path, mistakes)
        if massager is not None:
            massagers[model.name] = massager
    _tell_apart(massagers.values(), mistakes)
    vectors = tuple(
        _vector(file, vector, f"vectors[{number}]", mistakes)
        for number, vector in enumerate(file.vectors)
    )
    mistakes.raise_if_any()
    return Family(file.family, source, MappingProxyType(massagers), vectors)


def _tell_apart(massagers: Iterable[Massager], mistakes: Mistakes) -> None:
    """Note models that one advertisement could both be."""
    for one, other in combinations(massagers, 2):
        if overlap(one.identify, other.identify):
            mistakes.add(
                "identify", f"must tell {one.model} from {other.model}: an advertisement fits both"
            )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a model's tables were made into; the rest of it is facts as they stand."""

    steps: tuple[int, ...]
    identify: Identity
    layout: Layout
    codec: Codec
    heat: HeatChannel | None
    connect: tuple[ConnectStep, ...]
    reports: tuple[ReportFrame, ...]
    battery: str | None
    battery_ask: Encoded | None


def _massager(
    file: schema.MassagerFile, model: schema.ModelTable, path: str, mistakes: Mistakes
) -> Massager | None:
    alike = [actuator for actuator in model.actuators for _ in range(actuator.count)]
    parts = _parts(file, model, alike, path, mistakes)
    if parts is None:
        return None
    return Massager(
        model=model.name,
        family=file.family,
        title=model.title,
        stimulus_class=_class(file),
        layout=parts.layout,
        steps=parts.steps,
        ratings=tuple(actuator.rating for actuator in alike),
        identify=parts.identify,
        notifies=tuple(char.uuid for char in file.chars.values() if char.notify),
        battery=parts.battery,
        battery_ask=parts.battery_ask,
        connect=parts.connect,
        stops=stops(parts.codec, len(parts.steps)),
        stops_on_disconnect=file.stops_on_disconnect,
        on_lost_link=file.on_lost_link,
        lease_s=file.lease_s,
        refresh_s=file.refresh_s,
        min_gap_s=_gap_s(file, parts.codec),
        evidence=tuple(file.evidence),
        held=model.held,
        codec=parts.codec,
        reports=parts.reports,
        heat=parts.heat,
        controls=tuple(actuator.control for actuator in alike),
        a_m_s2=model.a_m_s2,
        status=file.status,
        baud=file.baud,
        refused=model.refused,
        pairing_hint=file.pairing.hint if file.pairing else None,
    )


def _parts(
    file: schema.MassagerFile,
    model: schema.ModelTable,
    alike: Sequence[schema.ActuatorTable],
    path: str,
    mistakes: Mistakes,
) -> _Parts | None:
    steps = tuple(actuator.steps for actuator in alike)
    compiler = Compiler(file, steps, mistakes)
    identity = _identity(file, model, path, mistakes)
    layout = lay_out(model, alike, path, mistakes)
    codec = codec_of(model, compiler, path, mistakes)
    connect = [compiler.connect_step(f"connect[{i}]", s) for i, s in enumerate(file.connect)]
    reports = _reports(file, compiler)
    pad = heat_channel(model.heat, compiler, f"{path}.heat", mistakes)
    battery, battery_ask = _battery(file, compiler)
    compiler.check_words(codec)
    if identity is None or layout is None or codec is None:
        return None
    if pad is not None:
        codec = with_heat(codec, pad, reports, f"{path}.heat", mistakes)
    said = tuple(step for step in connect if step is not None)
    return _Parts(steps, identity, layout, codec, pad, said, reports, battery, battery_ask)


def _class(file: schema.MassagerFile) -> str:
    stated = file.stimulus_class
    return claims.STRICTEST if stated == claims.UNKNOWN else stated


def _reports(file: schema.MassagerFile, compiler: Compiler) -> tuple[ReportFrame, ...]:
    said = [compiler.report(f"report[{i}]", line) for i, line in enumerate(file.report)]
    return tuple(report for report in said if report is not None)


def _identity(
    file: schema.MassagerFile, model: schema.ModelTable, path: str, mistakes: Mistakes
) -> Identity | None:
    stated = model.identify or file.identify
    if file.baud is not None:
        if stated is not None:
            mistakes.add("identify", "must not be there: nothing on a cable says what it is")
        return Identity(())
    if stated is None:
        mistakes.add(f"{path}.identify", "is missing, here and as [identify]; it must say names")
        return None
    maker = stated.manufacturer
    return Identity(
        names=tuple(stated.names),
        services=stated.service,
        manufacturer=Manufacturer(maker.company, maker.prefix) if maker else None,
        exclude=tuple(stated.exclude),
    )


def _battery(file: schema.MassagerFile, compiler: Compiler) -> tuple[str | None, Encoded | None]:
    stated = file.battery
    if stated is None:
        return None, None
    if stated.ask is not None:
        return None, compiler.words("battery.ask", stated.ask)
    char = compiler.char("battery.read", stated.read or "")
    return (char.uuid if char else None), None


def _gap_s(file: schema.MassagerFile, codec: Codec) -> float:
    """Return the longest gap that a characteristic of the level frames needs, in seconds."""
    used = {frame.char.uuid for frame in (*codec.frames, *codec.stop)}
    return max(char.gap_ms for char in file.chars.values() if char.uuid in used) / 1000


def _vector(
    file: schema.MassagerFile, vector: schema.VectorTable, path: str, mistakes: Mistakes
) -> Vector:
    names = [model.name for model in file.model]
    model = vector.model or names[0]
    if model not in names:
        mistakes.add(f"{path}.model", f"must be a model of this file: {', '.join(names)}", model)
    return Vector(model, tuple(vector.levels), vector.counter, tuple(vector.writes))
