"""The tape's bytes are a public contract."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.tape import Tape, paths


class Sink(io.StringIO):
    """A sink that keeps its text when it is closed."""

    text = ""

    def close(self) -> None:
        self.text = self.getvalue()
        super().close()


@pytest.fixture
def times() -> Iterator[float]:
    return iter([100.0, 100.25, 101.0, 102.123_456_78, 103.0, 104.0, 105.0])


def test_every_line_has_its_keys_in_order_and_six_decimals(times: Iterator[float]) -> None:
    sink = Sink()
    with Tape(sink, lambda: next(times), "reference-cape", 12) as tape:
        tape.link("connected")
        tape.write("7d3c0002", b"\x01\xab", True)
        tape.write("7d3c0002", b"", False)
        tape.motor(3, 12, 100)
        tape.fault("drop")
        tape.heat(38.5, True)
    assert sink.text.splitlines() == [
        '{"t": 0.0, "kind": "device", "model": "reference-cape", "actuators": 12}',
        '{"t": 0.250000, "kind": "link", "state": "connected"}',
        '{"t": 1.000000, "kind": "write", "char": "7d3c0002", "hex": "01ab", "response": true}',
        '{"t": 2.123457, "kind": "write", "char": "7d3c0002", "hex": "", "response": false}',
        '{"t": 3.000000, "kind": "motor", "actuator": 3, "level": 12, "of": 100}',
        '{"t": 4.000000, "kind": "fault", "name": "drop"}',
        '{"t": 5.000000, "kind": "heat", "celsius": 38.5, "on": true}',
    ]


def test_heat_that_is_off_says_so() -> None:
    sink = Sink()
    with Tape(sink, lambda: 0.0, "m", 1) as tape:
        tape.heat(24.0, False)
    assert json.loads(sink.text.splitlines()[1])["on"] is False


@given(name=st.text(max_size=20))
def test_any_name_gives_a_line_of_json(name: str) -> None:
    sink = Sink()
    with Tape(sink, lambda: 0.0, name, 1) as tape:
        tape.fault(name)
    device, fault = map(json.loads, sink.text.splitlines())
    assert (device["model"], fault["name"]) == (name, name)


def test_closing_twice_is_fine() -> None:
    tape = Tape(io.StringIO(), lambda: 0.0, "m", 1)
    tape.close()
    tape.close()


def test_a_tape_in_a_file_replaces_an_older_one(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text("old\n" * 100)
    with Tape.at(file, lambda: 0.0, "m", 1):
        pass
    assert file.read_bytes() == b'{"t": 0.0, "kind": "device", "model": "m", "actuators": 1}\n'


@pytest.mark.wallclock
def test_a_killed_process_has_written_every_line_but_the_last(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    killed = (
        "import os, signal, sys; from pathlib import Path; from firmware_sim.tape import Tape\n"
        "tape = Tape.at(Path(sys.argv[1]), lambda: 0.0, 'm', 1)\n"
        "for level in range(1000): tape.motor(0, level, 1000)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", killed, str(file)], check=False)
    levels = [json.loads(line)["level"] for line in file.read_text().splitlines()[1:]]
    assert len(levels) >= 999
    assert all(b == a + 1 for a, b in pairwise(levels))


def test_one_device_has_the_file_for_itself() -> None:
    assert paths(Path("d/t.jsonl"), ["a"]) == {"a": Path("d/t.jsonl")}


def test_several_devices_put_their_name_before_the_suffix() -> None:
    assert paths(Path("d/t.jsonl"), ["a", "b"]) == {
        "a": Path("d/t.a.jsonl"),
        "b": Path("d/t.b.jsonl"),
    }
