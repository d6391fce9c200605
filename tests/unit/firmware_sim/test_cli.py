"""`firmware-sim` on the command line, in this process and in one of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from firmware_sim.catalogue import CABLED, MODELS, build
from firmware_sim.cli import main
from firmware_sim.gatt import Upset
from firmware_sim.running import next_command
from tests.unmeasured import environment


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@contextmanager
def running(*arguments: str) -> Generator[subprocess.Popen[str]]:
    """Run `firmware-sim run` in a process of its own; kill what is left of it."""
    command = [sys.executable, "-c", "from firmware_sim.cli import main; main()", "run"]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def event(process: subprocess.Popen[str]) -> dict[str, Any]:
    return json.loads(line(process))


# ------------------------------------------------------------------------ list


def test_list_names_every_model() -> None:
    result = call("list")
    assert result.exit_code == 0
    assert [text.split()[0] for text in result.output.splitlines()] == [*MODELS, *CABLED]


def test_list_has_columns() -> None:
    lines = call("list").output.splitlines()
    models, names = [text[:22].rstrip() for text in lines], [text[22:40].rstrip() for text in lines]
    assert models == [*MODELS, *CABLED]
    assert names == [
        *(build(model).advertisement.name for model in MODELS),
        *("on a cable" for _ in CABLED),
    ]


def test_what_to_do_next_quotes_a_name_and_places_what_is_held() -> None:
    assert (
        next_command("leggett-gen2", "there", listens=True)
        == "devicehub play taster --device 'LP BED 2' --air there"
    )
    assert next_command("wevibe-wand-2", "there", listens=True) == (
        "devicehub play taster --device 'Wand 2' --zone rhomboid --air there"
    )


def test_list_json_is_one_object_a_line() -> None:
    rows = [json.loads(text) for text in call("list", "--json").output.splitlines()]
    assert [row["model"] for row in rows] == [*MODELS, *CABLED]
    assert rows[0] == {
        "model": "reference-cape",
        "name": "DH-CAPE",
        "actuators": 12,
        "steps": 100,
        "services": ["7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101", "180f", "180a"],
    }


# -------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "no simulated massager 'nothing'; there are reference-cape"),
        (["reference-cape", "--fault", "drop"], "fault 'drop': expected drop@T"),
        (["reference-cape", "--interval", "7.4"], "--interval 7.4: must be 7.5 to 4000"),
        (["reference-cape", "--interval", "nan"], "--interval nan: must be 7.5 to 4000"),
        (["reference-cape", "--listen", "nowhere"], "nowhere"),
        (["reference-cape", "--listen", "unix:/no/such/dir/s"], "/no/such/dir/s"),
        (["reference-cape", "--tape", "/no/such/dir/t"], "/no/such/dir/t: No such file"),
    ],
)
@pytest.mark.wallclock
def test_a_mistake_is_one_line_and_exit_2(arguments: list[str], said: str) -> None:
    result = call("run", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.startswith("firmware-sim: ")
    assert len(result.stderr.splitlines()) == 1


def test_no_model_at_all_is_a_mistake() -> None:
    assert call("run").exit_code == 2


def test_help_imports_neither_asyncio_nor_bumble() -> None:
    program = (
        "import sys; from firmware_sim.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'asyncio', 'bumble', 'bleak'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


# ------------------------------------------------------------------------- run


@pytest.mark.wallclock
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_0_and_a_whole_tape(tmp_path: Path, number: int) -> None:
    tape = tmp_path / "t.jsonl"
    address = f"unix:{tmp_path}/s"
    with running("reference-cape", "--listen", address, "--tape", str(tape)) as process:
        assert line(process) == f"listening on {address}"
        assert line(process) == (f"next: devicehub play taster --device DH-CAPE --air {address}")
        process.send_signal(number)
        assert line(process).startswith("reference-cape: 0 of 12 motors felt")
        assert process.wait(10) == 0
    assert tape.read_text() == (
        '{"t": 0.0, "kind": "device", "model": "reference-cape", "actuators": 12}\n'
    )


@pytest.mark.wallclock
def test_json_tells_the_same_as_events(tmp_path: Path) -> None:
    tape = tmp_path / "t.jsonl"
    models = ("lovense-domi", "bhaptics-x40")
    with running(*models, "--json", "--tape", str(tape)) as process:
        listening = event(process)
        process.terminate()
        felt = [event(process), event(process)]
        assert process.wait(10) == 0
    assert listening["event"] == "listening"
    assert listening["models"] == list(models)
    host, port = listening["address"].rsplit(":", 1)
    assert (host, int(port) > 0) == ("127.0.0.1", True)
    assert "--device LVS-Domi37 --zone rhomboid --air" in listening["next"][0]
    assert [(e["event"], e["device"], len(e["motors"])) for e in felt] == [
        ("felt", "lovense-domi", 1),
        ("felt", "bhaptics-x40", 40),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "t.bhaptics-x40.jsonl",
        "t.lovense-domi.jsonl",
    ]


@pytest.mark.wallclock
def test_a_hub_in_another_process_is_on_the_tape(tmp_path: Path) -> None:
    tape = tmp_path / "t.jsonl"
    address = f"unix:{tmp_path}/s"
    hub = f"""
import asyncio, firmware_sim
from bleak import BleakClient, BleakScanner

async def main():
    async with firmware_sim.join({address!r}) as air:
        found = await BleakScanner.find_device_by_name(
            "DH-CAPE", backend=air.scanner, **air.options
        )
        async with BleakClient(found, backend=air.client, **air.options) as cape:
            frame = bytes.fromhex("0101" + "32" * 12 + "00")
            await cape.write_gatt_char("7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101", frame, response=True)
            await asyncio.sleep(0.5)

asyncio.run(main())
"""
    with running("reference-cape", "--listen", address, "--tape", str(tape), "--json") as process:
        assert event(process)["event"] == "listening"
        done = subprocess.run(
            [sys.executable, "-c", hub],
            env=environment(),
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        process.terminate()
        felt = event(process)
        assert process.wait(10) == 0
    assert all(0.4 < motor["strongest"] <= 0.5 for motor in felt["motors"])
    entries = [json.loads(text) for text in tape.read_text().splitlines()]
    levels = {e["actuator"]: e["level"] for e in entries if e["kind"] == "motor"}
    assert levels == dict.fromkeys(range(12), 0)


def test_the_help_names_every_fault_and_keeps_its_examples_apart() -> None:
    said = CliRunner().invoke(main, ["run", "--help"]).output
    assert {
        kind for kind in ("drop", "reboot", "hang", "refuse", *get_args(Upset)) if kind not in said
    } == set()
    assert "\\b" not in said
    assert "  firmware-sim run lovense-domi --fault drop@30+5\n" in said
