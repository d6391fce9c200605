"""The service as a process of its own, over massagers in a second one and keepers in others."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.processes import (
    ADVERTISED,
    CAPE,
    TRACEBACK,
    VEST,
    Home,
    alive,
    children,
    ended,
    home,
    until,
)
from tests.patience import PATIENCE_S
from tests.unit.cli.shell import Said, here

pytestmark = pytest.mark.wallclock

SEAT, BED = "seat", "bed"
MODELS = {SEAT: CAPE, BED: VEST}


@dataclass(frozen=True, slots=True)
class Site:
    """A home with massagers that are on."""

    home: Home
    manager: socket.socket
    heard: list[str] = field(default_factory=list[str])

    @property
    def notify(self) -> dict[str, str]:
        """What the service manager of a unit with a watchdog leaves in the environment."""
        return {"NOTIFY_SOCKET": f"{self.home.folder}/notify", "WATCHDOG_USEC": "750000"}

    def told(self) -> list[str]:
        """Return all that the service manager was told; few words wait until it listens."""
        while select.select([self.manager], [], [], 0.0)[0]:
            self.heard.append(self.manager.recv(4096).decode())
        return self.heard

    def command(self) -> list[str]:
        named = [f"--device={id_}={ADVERTISED[model]}" for id_, model in MODELS.items()]
        words = ["serve", *named, "--air", self.home.air, "--log-format", "json"]
        return [sys.executable, "-m", "devicehub", *words]

    @contextmanager
    def serving(self) -> Generator["Serving"]:
        """Serve until it is ended."""
        with ended(
            subprocess.Popen(
                self.command(),
                env=self.home.env | self.notify,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        ) as process:
            if process.stdout is None or not process.stdout.readline().startswith("devicehub"):
                raise AssertionError(f"it does not serve: {process.communicate()}")
            yield Serving(self, process)


@dataclass(frozen=True, slots=True)
class Serving:
    """A service that serves."""

    site: Site
    process: "subprocess.Popen[str]"

    def start(self, capsys: pytest.CaptureFixture[str], id_: str) -> None:
        profile = self.site.home.profile()
        said = here(capsys, "start", profile, "--device", id_)
        assert said.code == 0, said
        until(lambda: self.site.home.moving(MODELS[id_]), f"{id_} does not move")

    def left(self) -> tuple[int, list[dict[str, Any]]]:
        """Wait for its end; return its exit code and what it logged."""
        _, err = self.process.communicate(timeout=PATIENCE_S)
        assert TRACEBACK not in err, err
        return self.process.returncode, [json.loads(line) for line in err.splitlines()]


@pytest.fixture(scope="module")
def site() -> Generator[Site]:
    before = dict(os.environ)
    with home() as there, there.simulator(*MODELS.values()):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(f"{there.folder}/notify")
        os.environ.update(there.places)
        try:
            yield Site(there, manager)
        finally:
            manager.close()
            os.environ.clear()
            os.environ.update(before)


def devices(said: Said) -> dict[str, bool]:
    return {row["name"]: row["confirmed"] for row in json.loads(said.out)["devices"]}


def test_sessions_come_and_go_and_sigterm_ends_them_all_confirmed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.serving() as serving:
        until(lambda: "WATCHDOG=1" in site.told(), "nobody feeds the watchdog")
        assert site.heard[:2] == ["READY=1", "STATUS=serves seat, bed; nothing plays"]
        serving.start(capsys, SEAT)
        again = here(capsys, "start", "taster", "--device", SEAT)
        assert (again.code, "seat plays" in again.err) == (1, True)
        second = here(capsys, "serve", "--device", "DH-CAPE")
        assert (second.code, second.err) == (
            2,
            "devicehub: a service runs already; devicehub shows what it serves\n",
        )
        stopped = here(capsys, "stop", "--device", "DH-CAPE", "--json")
        assert (stopped.code, devices(stopped)) == (0, {SEAT: True})
        assert not site.home.moving(CAPE)
        until(lambda: "A service serves seat, bed." in here(capsys).out, "it does not say so")
        serving.start(capsys, BED)
        site.told()
        serving.process.send_signal(signal.SIGTERM)
        code, logged = serving.left()
        assert (code, "STOPPING=1" in site.told()) == (0, True)
    assert not site.home.moving(CAPE)
    assert not site.home.moving(VEST)
    assert site.home.standing() == site.home.sockets() == []
    ends = [line["detail"] for line in logged if line.get("event") == "session_ended"]
    assert ends == ["stopped: socket", "stopped: SIGTERM"]
    *happened, last = logged
    assert [line["seq"] for line in happened if "seq" in line] == list(range(1, len(logged)))
    assert last["detail"] == "the service has ended; no motor runs"
    sessions = here(capsys, "history", "list", "--json").out.splitlines()
    assert [json.loads(line)["reason"] for line in sessions] == ["stopped"] * 2
    shown = here(capsys, "history", "show", json.loads(sessions[0])["id"])
    assert (shown.code, "session ended stopped by you (the system asked for it)" in shown.out) == (
        0,
        True,
    )


@pytest.mark.thorough  # `test_serve_mqtt` has one that is killed
def test_a_service_that_is_killed_leaves_every_motor_at_rest(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.serving() as serving:
        serving.start(capsys, BED)
        keepers = children(serving.process.pid)
        serving.process.kill()
        until(lambda: not site.home.moving(VEST), "the vest moves")
        serving.process.wait(PATIENCE_S)
        until(lambda: not any(map(alive, keepers)), "keepers are still there")
    assert site.home.standing() == []
    assert here(capsys, "stop").code == 0
