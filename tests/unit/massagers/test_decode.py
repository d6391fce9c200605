"""What massagers say."""

import pytest

from devicehub.errors import MassagerError
from devicehub.massagers.decode import decode
from devicehub.massagers.report import Report
from tests.unit.massagers.material import CAPE, DOMI, MODELS, SMALL, X40, massager

RX = "57300003-0023-4bd4-bbd5-a6920e4c5653"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"


def with_report(frame: str) -> str:
    char = 'rx = { uuid = "fff2", notify = true }'
    report = f'[[report]]\nchar = "rx"\nframe = "{frame}"'
    return SMALL.replace("[[model]]", f"{char}\n{report}\n[[model]]")


@pytest.mark.parametrize(
    ("said", "report"),
    [
        (b"89;", Report(battery_percent=89)),
        (b"s89;", Report(battery_percent=89)),
        (b"0;", Report(battery_percent=0)),
        (b"OK;", Report()),
        (b"101;", None),
        (b"W:11:0082059AD3BD;", None),
        (b"unkown,Vibrat:5;", None),
        (b"89", None),
        (b"", None),
    ],
)
def test_lovense_says(said: bytes, report: Report | None) -> None:
    assert decode(DOMI, RX, said) == report


@pytest.mark.parametrize(
    ("said", "report"),
    [
        (b"\x57", Report(battery_percent=87)),
        (b"\x57\x01\x02", Report(battery_percent=87)),
        (b"\x65", None),
        (b"", None),
    ],
)
def test_the_vest_says_its_battery_in_the_first_byte(said: bytes, report: Report | None) -> None:
    assert decode(X40, "6e400008-b5a3-f393-e0a9-e50e24dcca9e", said) == report


def test_the_cape_says_its_battery_on_the_standard_characteristic_too() -> None:
    assert decode(CAPE, BATTERY, b"\x64") == Report(battery_percent=100)
    assert decode(CAPE, BATTERY.upper(), b"\x64") == Report(battery_percent=100)


def test_a_characteristic_that_the_file_does_not_know_says_nothing() -> None:
    for known in MODELS:
        assert decode(known, "0000fff9-0000-1000-8000-00805f9b34fb", b"\x57") is None


@pytest.mark.parametrize(
    ("frame", "said", "report"),
    [
        ("AA ?? {all} ...", b"\xaa\x00\x07", Report(levels=(7,))),
        ("AA ?? {all} ...", b"\xaa\xff\x0a\x01\x02", Report(levels=(10,))),
        ("AA ?? {all} ...", b"\xaa\xff\x0b", None),
        ("0A 5C 2E", b"\x0a\x5c\x2e", Report()),
        ("0A 5C 2E", b"\x0a\x5cx", None),
        ("text b={battery}%", b"b=7%", Report(battery_percent=7)),
    ],
)
def test_a_report_line_reads(frame: str, said: bytes, report: Report | None) -> None:
    subject = massager(with_report(frame))
    assert decode(subject, "0000fff2-0000-1000-8000-00805f9b34fb", said) == report


@pytest.mark.parametrize(
    ("frame", "right"),
    [
        ("...", "must be hex bytes"),
        ("0A {all", "must be hex bytes"),
        ("0A {xor}", "must be a hex byte"),
        ("0A 1", "1 must be a hex byte"),
        ("{all} {all}", "once"),
        ("text {all};", "only {battery} moves"),
        ("text ü{battery}", "only {battery} moves"),
    ],
)
def test_a_report_line_that_makes_no_sense_says_what_would(frame: str, right: str) -> None:
    with pytest.raises(MassagerError) as refusal:
        massager(with_report(frame))
    assert right in str(refusal.value)
    assert "report[0].frame" in str(refusal.value)
