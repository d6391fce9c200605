"""The tables of a massager file that say how it is recognised, reached and talked to.

The rest of the file, and what these are for, is in `schema`.
"""

from typing import Self

from pydantic import Field, model_validator

from devicehub.massagers.fields import Frames, Hexes, Seconds, Table, Text, Uuid, Uuids


class ManufacturerTable(Table):
    """Manufacturer data that must be advertised."""

    company: int = Field(ge=0, le=0xFFFF, description="the company's number, 0 to 65535")
    prefix: Hexes = Field(
        default=(b"",), description='how its bytes begin, in hex, such as "FF 21"; or a list'
    )


class IdentifyTable(Table):
    """What an advertisement must show; everything stated must hold."""

    names: list[Text] = Field(min_length=1, description='names, * for any rest, such as ["LVS-*"]')
    exclude: list[Text] = Field(default=[], description='names that it never has: ["BEAR*"]')
    service: Uuids = Field(
        default=(), description="UUID of a service that is advertised, or a list: one of them"
    )
    manufacturer: ManufacturerTable | None = Field(default=None, description="{ company, prefix }")

    @model_validator(mode="after")
    def _more_than_a_name(self) -> Self:
        if not self.service and self.manufacturer is None:
            raise ValueError(
                "must have service or manufacturer beside the names: anybody can be called that"
            )
        if any(not name.strip("* ") for name in self.names) and not (
            self.service and self.manufacturer
        ):
            raise ValueError("must have both service and manufacturer where any name will do")
        return self


class CharTable(Table):
    """One characteristic."""

    uuid: Uuid = Field(description="the UUID of the characteristic, ? for any hex digit")
    response: bool | None = Field(
        default=None, description="true: writes ask for a response; needed where frames are sent"
    )
    notify: bool = Field(default=False, description="true: it is subscribed after connecting")
    gap_ms: float = Field(default=0.0, ge=0, le=1000, description="least ms between two frames")


class ExpectTable(Table):
    """The answer that a connect step waits for."""

    char: str = Field(description="a name of [chars] with notify = true")
    begins: Frames = Field(
        description='a frame without {..}: how the answer begins, such as "text W:"; or a list'
    )
    timeout_s: Seconds = Field(description="seconds to wait for it, above 0, at most 60")
    tries: int = Field(default=1, ge=1, le=10, description="how often to write in all, 1 to 10")
    required: bool = Field(default=True, description="false: go on without the answer")


class ConnectTable(Table):
    """One step after connecting."""

    write: Text | None = Field(default=None, description="a frame without levels")
    expect: ExpectTable | None = Field(default=None, description="the answer to wait for")
    read: str | None = Field(default=None, description="a name of [chars] to read")
    begins: Frames | None = Field(
        default=None, description="how what is read must begin, a frame without {..}; or a list"
    )
    wait_s: float = Field(default=0.0, ge=0, le=10, description="a pause after it, up to 10 s")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.write is None) == (self.read is None):
            raise ValueError("must have one of write and read")
        if self.expect is not None and self.write is None:
            raise ValueError("expect must go with write; what is read is held against begins")
        if self.begins is not None and self.read is None:
            raise ValueError("begins must go with read; what is notified is held against expect")
        return self


class KeepaliveTable(Table):
    """What keeps it ready to be moved."""

    wake: Frames = Field(
        description="words without levels, said before the first level after none; or a list"
    )


class PairingTable(Table):
    """What a person does before the system can connect."""

    hint: Text = Field(description="what to do when it refuses or will not connect, a sentence")


class BatteryTable(Table):
    """How to learn of the battery: a characteristic to read, or a frame that asks."""

    read: str | None = Field(default=None, description="a name of [chars]")
    ask: Text | None = Field(default=None, description="a frame without levels")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.read is None) == (self.ask is None):
            raise ValueError("must have one of read and ask")
        return self


class ReportTable(Table):
    """Something that the device says."""

    char: str = Field(description="a name of [chars]")
    frame: Text = Field(description='a frame of ??, {all}, {battery}, such as "01 ?? {all} ..."')
    every_s: float | None = Field(
        default=None, gt=0, le=2, description="how often it says so unasked, in seconds up to 2"
    )

    @model_validator(mode="after")
    def _levels_if_regular(self) -> Self:
        if self.every_s is not None and "{all}" not in self.frame:
            raise ValueError("every_s must go with {all}: it is there to see what is driven")
        return self
