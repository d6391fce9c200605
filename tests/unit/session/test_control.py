"""The control socket: one line asks, one line answers, and nothing that comes in hurts."""

import asyncio
import json
import os
import stat
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devicehub.messages import Command, CommandKind, DeviceEnd
from devicehub.session import sockets
from devicehub.session.control import Control
from devicehub.session.listening import REQUEST_TIMEOUT_S

ENDS = (DeviceEnd("DH-CAPE", "reference-cape", True, 42.0),)
ROW = {"name": "DH-CAPE", "model": "reference-cape", "confirmed": True, "ms": 42.0}
LEFT = (*ENDS, DeviceEnd("TactSuitX40", "bhaptics-x40", True, 42.0))
ROWS = [ROW, {"name": "TactSuitX40", "model": "bhaptics-x40", "confirmed": True, "ms": 42.0}]

WHO = {"devices": ["DH-CAPE", "TactSuitX40"], "looked_for": [], "plays": []}


class Desk:
    """A control socket, and everything that was posted through it."""

    def __init__(self) -> None:
        self.posted: list[Command] = []
        self.control = Control(["DH-CAPE", "TactSuitX40"], self.posted.append)


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    desk = Desk()
    async with desk.control:
        yield desk
    assert sockets.found() == []


@asynccontextmanager
async def client() -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    (path,) = sockets.found()
    reader, writer = await asyncio.open_unix_connection(path)
    yield reader, writer
    writer.close()


async def say(line: bytes) -> bytes:
    async with client() as (reader, writer):
        writer.write(line)
        return await reader.readline()


async def ask(**request: object) -> Any:
    return json.loads(await say(json.dumps(request).encode() + b"\n"))


async def test_who_is_answered_with_the_massagers(desk: Desk) -> None:
    assert await ask(op="who") == WHO
    assert desk.posted == []


@pytest.mark.parametrize("device", [None, "TactSuitX40"])
async def test_stop_is_posted_at_once_and_answered_at_the_end(
    device: str | None, desk: Desk
) -> None:
    asking = asyncio.create_task(ask(op="stop", device=device))
    await asyncio.sleep(3.0)
    assert [command.kind for command in desk.posted] == [CommandKind.STOP]
    assert not asking.done()
    desk.control.finish(LEFT)
    assert await asking == {"devices": ROWS}


async def test_stop_for_somebody_else_stops_nothing(desk: Desk) -> None:
    assert await ask(op="stop", device="LVS-Domi37") == {"devices": []}
    assert desk.posted == []


@pytest.mark.parametrize(
    "device", ["dh-cape", "C0:00:00:00:00:02", "c0:00:00:00:00:02", "BHAPTICS-X40"]
)
async def test_a_massager_is_called_by_its_name_its_address_or_its_model(device: str) -> None:
    posted: list[Command] = []
    called = ("C0:00:00:00:00:02", "bhaptics-x40")
    async with Control(["DH-CAPE"], posted.append, lambda: called) as control:
        control.finish(ENDS)
        assert await ask(op="stop", device=device) == {"devices": [ROW]}
    assert len(posted) == 1


async def test_one_that_its_user_saved_is_meant_by_its_address() -> None:
    posted: list[Command] = []
    async with Control(["DH-CAPE"], posted.append, lambda: ("C0:01",)) as control:
        asking = asyncio.create_task(ask(op="stop", device="my cape", address="c0:01"))
        while not posted:  # noqa: ASYNC110 - until the socket was read
            await asyncio.sleep(0.001)
        control.finish((DeviceEnd("DH-CAPE", "reference-cape", True, 9.0),))
        assert len((await asking)["devices"]) == 1


async def test_before_all_massagers_are_known_any_may_be_meant() -> None:
    posted: list[Command] = []
    async with Control(["DH-CAPE"], posted.append, lambda: None) as control:
        control.finish(ENDS)
        assert await ask(op="stop", device="bhaptics-x40") == {"devices": [ROW]}
    assert len(posted) == 1


@pytest.mark.parametrize("device", [7, [], {}, True])
async def test_a_name_that_is_none_is_nobodys(device: object, desk: Desk) -> None:
    assert await ask(op="stop", device=device) == {"devices": []}
    assert desk.posted == []


async def test_everyone_who_asks_is_answered(desk: Desk) -> None:
    asking = [asyncio.create_task(ask(op="stop")) for _ in range(3)]
    await asyncio.sleep(0.1)
    desk.control.finish(LEFT)
    assert [await one for one in asking] == [{"devices": ROWS}] * 3
    assert len(desk.posted) == 3


async def test_stop_after_the_end_is_answered_too(desk: Desk) -> None:
    desk.control.finish(LEFT)
    assert await ask(op="stop") == {"devices": ROWS}


async def test_a_massager_that_was_not_connected_when_its_session_was_stopped_is_told(
    desk: Desk,
) -> None:
    desk.control.finish(ENDS)
    assert await ask(op="stop") == {"devices": [ROW], "unreached": ["TactSuitX40"]}


@pytest.mark.parametrize("line", [b'{"op": "dance"}\n', b"[]\n", b"7\n", b"{}\n", b"null\n"])
async def test_what_it_does_not_know_it_says(line: bytes, desk: Desk) -> None:
    assert json.loads(await say(line)) == {"error": "ask for stop or who"}
    assert desk.posted == []


@pytest.mark.parametrize(
    "line",
    [b"\n", b"{\n", b"\xff\xfe\n", b"[" * 4000 + b"\n", b"x" * 100_000 + b"\n", b"NaN stop\n"],
)
async def test_nonsense_is_not_answered(line: bytes, desk: Desk) -> None:
    assert await say(line) == b""
    assert await ask(op="who") == WHO
    assert desk.posted == []


async def test_who_says_nothing_is_not_waited_for(desk: Desk) -> None:
    begun_s = asyncio.get_running_loop().time()
    async with client() as (reader, _):
        assert json.loads(await reader.readline()) == {"error": "ask for stop or who"}
    assert asyncio.get_running_loop().time() - begun_s == pytest.approx(REQUEST_TIMEOUT_S)


async def test_who_leaves_at_once_does_no_harm(desk: Desk) -> None:
    async with client():
        pass
    async with client() as (_, writer):
        writer.write(b'{"op": "stop"}\n')
    await asyncio.sleep(0.1)
    assert [command.kind for command in desk.posted] == [CommandKind.STOP]


async def test_the_end_answers_who_still_waits() -> None:
    async with Desk().control:
        asking = asyncio.create_task(ask(op="stop"))
        await asyncio.sleep(0.1)
    assert await asking == {"devices": [], "unreached": ["DH-CAPE", "TactSuitX40"]}


# ------------------------------------------------------------------ the folder


async def test_only_its_user_can_enter_the_folder(desk: Desk) -> None:
    assert stat.S_IMODE(sockets.folder().stat().st_mode) == 0o700


async def test_a_folder_of_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    with pytest.raises(PermissionError, match="belongs to another user"):
        async with Desk().control:
            pass


async def test_a_socket_in_a_folder_of_somebody_else_is_not_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(sockets.found()) == 1
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "getuid", lambda: 54321)
        assert sockets.found() == []


async def test_a_folder_that_is_a_link_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "devicehub").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(PermissionError):
        async with Desk().control:
            pass


def test_without_a_runtime_folder_it_is_named_after_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert sockets.folder().name == f"devicehub-{os.getuid()}"


async def test_a_shell_with_another_runtime_folder_finds_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (here,) = sockets.found()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert sockets.found() == [here]
        elsewhere.delenv("XDG_RUNTIME_DIR")
        elsewhere.setattr(tempfile, "tempdir", str(tmp_path))  # sessions of others lie in the real
        assert sockets.found() == [here]
        assert await ask(op="who")


async def test_what_is_gone_is_found_by_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with Desk().control:
        (path,) = sockets.found()
        assert (sockets.links() / path.name).is_symlink()
    assert list(sockets.links().iterdir()) == []
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert sockets.found() == []


async def test_without_a_folder_for_links_its_own_shell_finds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with Desk().control:
        assert len(sockets.found()) == 1


async def test_what_a_killed_process_of_the_same_number_left_is_replaced() -> None:
    path = sockets.folder() / f"{os.getpid()}.sock"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert sockets.found() == []
    async with Desk().control:
        assert sockets.found() == [path]
        assert await ask(op="who")


def test_removing_what_is_gone_already_is_fine(tmp_path: Path) -> None:
    sockets.remove(tmp_path / "1.sock")


async def test_a_session_whose_socket_was_cleared_away_is_known_by_its_process() -> None:
    async with Control(["DH-CAPE"], lambda _: None):
        assert sockets.unreached() == []
        (path,) = sockets.found()
        path.unlink()
        assert sockets.found() == []
        assert sockets.unreached() == [os.getpid()]
    assert sockets.unreached() == []


async def test_what_a_killed_session_left_names_no_process() -> None:
    async with Control(["DH-CAPE"], lambda _: None):
        alive = sockets.links() / f"{os.getpid()}.alive"
        left = alive.with_stem("1")
        left.write_bytes(alive.read_bytes())
        (path,) = sockets.found()
        path.unlink()
        assert sockets.unreached() == [os.getpid()]
        left.unlink()


async def test_the_next_session_clears_away_what_a_killed_one_left() -> None:
    async with Control(["DH-CAPE"], lambda _: None):
        alive = sockets.links() / f"{os.getpid()}.alive"
        dead, beginning, elsewhere = (alive.with_stem(name) for name in ("1", "2", "3"))
        dead.write_bytes(alive.read_bytes())
        beginning.touch()
        elsewhere.write_bytes(b"elsewhere " + alive.read_bytes())
        for left in (dead, elsewhere):
            left.with_suffix(".sock").symlink_to(f"/nowhere/{left.stem}.sock")
    async with Control(["DH-CAPE"], lambda _: None):
        left = sorted(path.name for path in sockets.links().iterdir())
    own = [f"{os.getpid()}.alive", f"{os.getpid()}.sock"]
    assert left == sorted(["2.alive", "3.alive", "3.sock", *own])
    for path in (beginning, elsewhere, elsewhere.with_suffix(".sock")):
        path.unlink()


async def test_a_process_of_another_computer_is_none_of_ours() -> None:
    async with Control(["DH-CAPE"], lambda _: None):
        alive = sockets.links() / f"{os.getpid()}.alive"
        (path,) = sockets.found()
        path.unlink()
        alive.write_bytes(b"elsewhere " + alive.read_bytes())
        assert sockets.unreached() == []
