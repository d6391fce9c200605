"""The house's own rules are tried out: each kind of litter is found."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.hygiene import left_behind, possessions
from tests.unmeasured import environment

ROOT = Path(__file__).parents[3]

LITTER = """
import asyncio

import pytest

from tests import conftest
from tests.hygiene import left_behind

LOST = []
conftest.left_behind = lambda before: left_behind(before, grace_s=0.1)


async def test_leaves_a_task():
    LOST.append(asyncio.get_running_loop().create_task(asyncio.sleep(3600)))


def test_leaves_a_file(tmp_path):
    LOST.append((tmp_path / "open").open("w"))


async def test_an_hour_passes_at_once():
    await asyncio.sleep(3600)
    assert asyncio.get_running_loop().time() >= 3600


@pytest.mark.hardware
def test_of_a_real_massager():
    raise AssertionError


def test_warns():
    import warnings

    warnings.warn("old", DeprecationWarning)
"""


def test_a_test_that_leaves_nothing_behind_passes() -> None:
    assert left_behind(possessions()) == []


def test_an_open_socket_is_found() -> None:
    before = possessions()
    with socket.socket():
        assert [one.split(":")[0] for one in left_behind(before, grace_s=0)] == ["open file"]


@pytest.mark.wallclock
def test_a_thread_is_found() -> None:
    before, ended = possessions(), threading.Event()
    thread = threading.Thread(target=ended.wait, name="lost")
    thread.start()
    try:
        assert any(one.startswith("thread: lost") for one in left_behind(before, grace_s=0))
    finally:
        ended.set()
        thread.join()


@pytest.mark.wallclock
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed on Linux")
def test_a_child_process_is_found() -> None:
    before = possessions()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert f"child process: {child.pid}" in left_behind(before, grace_s=0)


def test_a_changed_signal_handler_is_found() -> None:
    before = possessions()
    old = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        assert any(
            one.startswith("signal handler: SIGTERM") for one in left_behind(before, grace_s=0)
        )
    finally:
        signal.signal(signal.SIGTERM, old)


def test_the_home_of_the_tests_is_not_the_users() -> None:
    assert Path.home().is_relative_to(tempfile.gettempdir())
    assert Path(os.environ["XDG_RUNTIME_DIR"]).is_relative_to(Path.home())


@pytest.mark.wallclock
def test_the_gate_finds_litter_and_leaves_real_massagers_alone(tmp_path: Path) -> None:
    file = tmp_path / "test_litter.py"
    file.write_text(LITTER, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["--confcutdir", str(tmp_path), "-c", str(ROOT / "pyproject.toml"), str(file)]
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    found = sorted(line.split(" - ")[0] for line in run.stdout.splitlines() if "::" in line)
    assert [line.split("::")[-1] for line in found if line.startswith("ERROR")] == [
        "test_leaves_a_file",
        "test_leaves_a_task",
    ], run.stdout
    assert "1 failed, 3 passed, 1 deselected, 2 errors" in run.stdout, run.stdout
