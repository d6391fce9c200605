"""`devicehub play --mqtt` as a process: what a stranger reads, and that a kill is told."""

import json
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from devicehub.publish.topics import COMMANDS, OUT
from tests.broker import Broker, broker
from tests.integration.processes import Home, ended, home, until
from tests.patience import PATIENCE_S
from tests.shipped import ROOT

pytestmark = pytest.mark.wallclock
SCHEMAS: dict[str, Any] = json.loads((ROOT / "docs" / "mqtt.schema.json").read_text("utf-8"))
SECRET = "only-for-this-test"  # noqa: S105


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as running:
        yield running


@pytest.fixture
def alone() -> Iterator[Home]:
    with home() as one:
        yield one


def kind_of(topic: str) -> str:
    """Return which payload belongs on a topic, by the table of topics."""
    _, version, _, _, *path = topic.split("/")
    assert version == "v1"
    for kind, channel in OUT.items():
        pattern = channel.path.split("/")
        if len(pattern) == len(path) and all(
            part.startswith("{") or part == level for part, level in zip(pattern, path, strict=True)
        ):
            return kind
    raise AssertionError(f"{topic} is in no table; commands are {list(COMMANDS)}")


def faults(kind: str, payload: object) -> list[str]:
    schema: Any = SCHEMAS | {"$ref": f"#/$defs/{kind}"}
    validator: Any = Draft202012Validator(schema)
    return [f"{kind}: {error.message}" for error in validator.iter_errors(payload)]


@contextmanager
def hub_once_somebody_listens(
    here: Broker, play: list[str], env: dict[str, str]
) -> Generator["subprocess.Popen[str]"]:
    until(lambda: "reader 0 devicehub/#" in here.log(), "nobody listens")
    hub = subprocess.Popen(
        play, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with ended(hub) as running:
        yield running


def test_all_that_a_session_says_is_in_the_contract_and_a_kill_is_told(
    here: Broker, alone: Home
) -> None:
    folder = alone.folder / "read.txt"
    watch = ["mosquitto_sub", "-p", str(here.port), "-i", "reader", "-t", "devicehub/#"]
    watch += ["-F", "%r %t %p"]
    play = [sys.executable, "-m", "devicehub", "play", alone.profile(), "--device"]
    play += ["sim:reference-cape", "--mqtt", here.url]
    env = alone.env | {
        "DEVICEHUB_MQTT__WILL_DELAY_S": "1",
        "DEVICEHUB_MQTT__USERNAME": "hub-7",
        "DEVICEHUB_MQTT__PASSWORD": SECRET,
    }

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        lines = folder.read_bytes().split(b"\n")[:-1]  # the last one is still being written
        split = [line.decode().split(" ", 2) for line in lines if b"/cmd/" not in line]
        return [(kept, topic, json.loads(body)) for kept, topic, body in split if body]

    def kinds() -> set[str]:
        return {kind_of(topic) for _, topic, _ in read()}

    def said(kind: str, **keys: object) -> bool:
        return any(
            kind_of(topic) == kind and all(body[k] == v for k, v in keys.items())
            for _, topic, body in read()
        )

    with (
        folder.open("wb") as sink,
        ended(subprocess.Popen(watch, stdout=sink, text=True)),
        hub_once_somebody_listens(here, play, env) as hub,
    ):
        until(lambda: said("progress") and said("health"), "nothing is said")
        pause = ["mosquitto_pub", "-p", str(here.port), "-m", '{"id":"a"}']
        subprocess.run([*pause, "-t", "devicehub/v1/home/hub-7/cmd/pause"], check=True)
        until(lambda: said("session", state="paused"), "the pause is not told")
        until(lambda: kinds() == set(OUT), "something is never said")
        hub.send_signal(signal.SIGKILL)
        printed = hub.communicate(timeout=PATIENCE_S)[0]
        until(lambda: said("availability", state="lost"), "the kill is not told")
        heard = read()
    wrong = [fault for _, topic, body in heard for fault in faults(kind_of(topic), body)]
    text = folder.read_text(encoding="utf-8") + printed
    assert wrong == []
    assert SECRET not in text
    assert str(alone.folder) not in folder.read_text(encoding="utf-8")
    assert "sim:" not in folder.read_text(encoding="utf-8")
