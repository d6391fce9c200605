"""The massager file as strict models: what may stand in it, and what would be right.

Strict means: unknown keys, wrong types, values out of range, NaN and infinity are refused. The
description of each field is what a mistake's line and the JSON Schema for editors say. What needs
more than one table to judge (frames, places, zones) is judged by `build`.
"""

from typing import Any, Literal, Self, get_args

from pydantic import Field, model_validator

from devicehub.massagers.fields import Frames, Hex, Seconds, Table, Text, Word
from devicehub.massagers.tables import (
    BatteryTable,
    CharTable,
    ConnectTable,
    IdentifyTable,
    KeepaliveTable,
    PairingTable,
    ReportTable,
)

# Rows of the table of limits, and "unknown" for the strictest of them.
StimulusClass = Literal[
    "surface_vibration",
    "handheld_vibration",
    "percussive",
    "rotating_nodes",
    "diffuse_vibration",
    "unknown",
]


class ActuatorTable(Table):
    """One actuator, or several alike."""

    steps: int = Field(ge=1, le=65535, description="the strongest level, a whole number from 1")
    count: int = Field(default=1, ge=1, le=256, description="how many alike, 1 to 256")
    kind: Literal["vibration"] = Field(default="vibration", description='"vibration"')
    control: Literal["levels", "on_off", "program"] = Field(
        default="levels", description='what its steps are: "levels", "on_off" or "program"'
    )
    level_order: Literal["rising", "unknown"] = Field(
        default="rising", description='"unknown" where a higher step need not be stronger'
    )
    wire: str | None = Field(default=None, description='"+k" or "*k": what is sent for a level')
    motor: Literal["erm", "lra"] | None = Field(
        default=None,
        description='the kind of motor: "erm" (a turning mass) or "lra" (a linear one)',
    )
    rating: float = Field(
        default=1.0, gt=0, le=1, description="strongest level for continuous use, above 0 to 1"
    )

    @model_validator(mode="after")
    def _on_or_off(self) -> Self:
        if self.control == "on_off" and self.steps != 1:
            raise ValueError('control = "on_off" must have steps = 1')
        if self.level_order == "unknown" and (self.steps != 1 or self.control == "levels"):
            raise ValueError(
                'level_order = "unknown" must have steps = 1 and control "on_off" or "program": '
                "where nobody knows which level is the stronger, one is used and counts in full"
            )
        return self


class HeatTable(Table):
    """A heat pad."""

    on: Text = Field(description="a frame with {c} or {half_c}: the target in (half) degrees C")
    off: Text = Field(description="a frame without {..} but for checksums: the pad goes off")
    max_c: int = Field(ge=1, le=40, description="highest target in degrees C, at most 40")
    sensor: bool = Field(description="true: a [[report]] has {c} or {half_c}, how warm it is")
    stop_includes: bool = Field(
        default=False, description="true: the stop frames switch it off too, as evidence says"
    )


class PlaceTable(Table):
    """Where one actuator sits; without x_cm it has no place on the back, only zones."""

    zones: list[str] = Field(min_length=1, description="ids of all zones that it is felt in")
    x_cm: float | None = Field(default=None, ge=-40, le=40, description="cm, right positive")
    y_cm: float | None = Field(default=None, ge=-60, le=90, description="cm above the coccyx")
    footprint_cm: float | None = Field(default=None, gt=0, le=20, description="radius in cm")

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        stated = [value is not None for value in (self.x_cm, self.y_cm, self.footprint_cm)]
        if any(stated) and not all(stated):
            raise ValueError("must have x_cm, y_cm and footprint_cm together, or none of them")
        return self


class ModelTable(Table):
    """One model of the family."""

    name: Word = Field(description="small letters, digits and -, as on the command line")
    title: Text = Field(description="the name for people")
    identify: IdentifyTable | None = Field(default=None, description="instead of the file's own")
    actuators: list[ActuatorTable] = Field(min_length=1, description="such as [{ steps = 20 }]")
    a_m_s2: float | None = Field(
        default=None, gt=0, le=1000, description="measured vibration at full strength in m/s2"
    )
    held: bool = Field(default=False, description="true: moved by hand, so it has no places")
    places: list[PlaceTable] | None = Field(default=None, description="one for each actuator")
    set: Frames | None = Field(default=None, description="a frame, or a list: one an actuator")
    set_each: Text | None = Field(default=None, description="a frame with {level} and {index}")
    up: Frames | None = Field(
        default=None, description="instead of set: for each actuator the key for one step more"
    )
    down: Frames | None = Field(default=None, description="for each actuator the key for one less")
    codec: Literal["truegear"] | None = Field(
        default=None, description='instead of set and stop: a codec in Python, "truegear"'
    )
    stop: Frames | None = Field(
        default=None, description="the frame or frames that stop everything, wherever it was"
    )
    zero: Literal["stop", "set"] = Field(
        default="stop", description='what is sent when all levels are 0: "stop" or "set"'
    )
    heat: HeatTable | None = Field(default=None, description="{ on, off, max_c, sensor }")
    refused: Text | None = Field(
        default=None, description="why it is known but never driven, a sentence"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ways = (self.set, self.set_each, self.up, self.codec)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("must have one of set, set_each, up with down, and codec")
        if (self.up is None) != (self.down is None):
            raise ValueError("must have up and down together")
        if (self.codec is None) == (self.stop is None):
            raise ValueError("must have stop, but where a codec says it")
        if self.held == (self.places is not None):
            raise ValueError("must have either places or held = true")
        if self.heat is not None and self.zero == "stop":
            raise ValueError('must have zero = "set" with heat: a stop switches the pad off')
        return self


class VectorTable(Table):
    """Levels and the bytes that they must give, from a source that is not this project's codec."""

    source: Text = Field(description="where the bytes come from")
    model: str | None = Field(default=None, description="a model of this file; else its first")
    levels: list[int] = Field(min_length=1, description="raw levels, one an actuator")
    counter: int = Field(default=0, ge=0, le=255, description="the counter before it, 0 to 255")
    writes: list[Hex] = Field(description='the writes in hex, such as ["0f03"]')


class MassagerFile(Table):
    """A family of massagers."""

    family: Word = Field(description="small letters, digits and -")
    stimulus_class: StimulusClass = Field(
        alias="class", description="one of " + ", ".join(get_args(StimulusClass))
    )
    stops_on_disconnect: Literal["yes", "no", "unknown"] = Field(
        description='what it does when the link is lost: "yes", "no" or "unknown"'
    )
    on_lost_link: Text = Field(description="what to do by hand when the link is lost")
    lease_s: Seconds | None = Field(default=None, description="how long a level holds by itself")
    refresh_s: Seconds = Field(default=1.0, description="how often unchanged levels are repeated")
    evidence: list[Text] = Field(min_length=1, description="where the facts come from")
    status: Literal["simulated", "tried"] = Field(
        default="simulated", description='"tried" once hardware was driven, as evidence says'
    )
    identify: IdentifyTable | None = Field(default=None, description="names, service, manufacturer")
    baud: int | None = Field(
        default=None, ge=300, le=4_000_000, description="bits per second, for one on a cable"
    )
    pairing: PairingTable | None = Field(default=None, description="{ hint }")
    pin: str | None = Field(
        default=None, pattern=r"^[0-9]{4,8}$", description="four to eight digits for {pin}"
    )
    keepalive: KeepaliveTable | None = Field(default=None, description="{ wake }")
    chars: dict[str, CharTable] = Field(min_length=1, description="characteristics by name")
    connect: list[ConnectTable] = Field(default=[], description="steps after connecting")
    battery: BatteryTable | None = Field(default=None, description="read or ask")
    report: list[ReportTable] = Field(default=[], description="what the device says")
    model: list[ModelTable] = Field(min_length=1, description="at least one [[model]]")
    vectors: list[VectorTable] = Field(min_length=1, description="at least one, with its source")

    @model_validator(mode="after")
    def _renewed_in_time(self) -> Self:
        if self.lease_s is not None and self.refresh_s > self.lease_s / 2:
            raise ValueError("refresh_s must be at most half of lease_s, or one lost frame ends it")
        return self


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of massager files, for editors that complete and check TOML."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **MassagerFile.model_json_schema(),
        "title": "devicehub massager file",
    }
