"""The front door: what it imports, and how errors end."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

import click
import pytest

from devicehub import errors
from devicehub.cli import groups, main
from devicehub.cli.lazy import Lazy
from profiles.errors import ProfileError
from tests.unit.cli.shell import TRACEBACK, devicehub, here
from tests.unmeasured import environment

HEAVY = ("asyncio", "pydantic", "rich", "bleak", "bumble", "aioesphomeapi", "habluetooth")


def imported_by(*words: str) -> set[str]:
    """Run a command line in a fresh Python and return which heavy packages it imported."""
    code = (
        "import sys; from devicehub.cli.main import run; code = run(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.wallclock
@pytest.mark.parametrize(
    "words",
    [(), ("--help",), ("--version",), ("profiles", "--help"), ("devices", "--help")],
)
def test_the_front_door_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported_by(*words) == set()


@pytest.mark.wallclock
@pytest.mark.parametrize("words", [("profiles", "list"), ("devices", "list")])
def test_catalogues_need_neither_loop_nor_radio_nor_pictures(words: tuple[str, ...]) -> None:
    assert imported_by(*words) <= {"pydantic"}


@pytest.mark.wallclock
def test_stop_needs_neither_pydantic_nor_a_simulator() -> None:
    assert imported_by("stop") <= {"asyncio"}


def test_every_command_is_where_the_group_says() -> None:
    for name, lazy in main.COMMANDS.items():
        module, _, attribute = lazy.target.partition(":")
        command: object = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command), name


def test_help_lists_commands_and_hides_the_keeper(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "--help")
    assert said.code == 0
    listed = {line.split()[0] for line in said.out.splitlines() if line.startswith("  ")}
    assert {"play", "stop", "scan", "profiles", "devices"} <= listed
    assert "keeper" not in listed


def test_nothing_at_all_gives_status_and_three_next_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = here(capsys)
    assert said.code == 0
    assert "No session is running." in said.out
    assert said.out.count("\n  devicehub ") == 3


def test_a_misspelt_command_is_told_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "pley")
    assert said.code == 2
    assert said.err == "devicehub: no command 'pley'; did you mean play?\ntry: devicehub --help\n"


@pytest.mark.parametrize(
    "words", [("--nonsense",), ("play",), ("profiles", "plot", "taster"), ("devices", "shew")]
)
def test_bad_usage_is_two_lines_and_exit_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    said = here(capsys, *words)
    assert said.code == 2
    assert said.err.count("\n") == 2
    assert said.err.startswith("devicehub: ")


def failing(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize("option", ["--ceiling", "--minutes"])
def test_not_a_number_is_in_no_range(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "play", "taster", "--device", "sim:reference-cape", option, "nan")
    assert (said.code, said.err.count("\n")) == (2, 2)
    assert f"'{option}': nan is not in the range" in said.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("told"), 2),
        (ProfileError("told"), 2),
        (errors.StopUnconfirmed("told"), 3),
        (errors.SafetyRefusal("told"), 4),
        (errors.DeviceNotFound("told"), 5),
        (errors.HubError("told"), 1),
        (OSError(28, "told", "out.svg"), 1),
    ],
)
def test_an_error_is_told_and_gives_the_exit_code_of_its_class(
    error: Exception,
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(main.COMMANDS, "play", Lazy(f"{__name__}:broken", ""))
    monkeypatch.setattr(
        sys.modules[__name__], "broken", click.Command("x", callback=failing(error))
    )
    said = here(capsys, "play")
    assert said.code == code
    assert "told" in said.err
    assert TRACEBACK not in said.err


def test_a_command_may_return_its_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(main.COMMANDS, "play", Lazy(f"{__name__}:broken", ""))
    monkeypatch.setattr(sys.modules[__name__], "broken", click.Command("x", callback=lambda: 3))
    assert here(capsys, "play").code == 3


def test_ctrl_c_outside_of_a_session_is_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(main.COMMANDS, "play", Lazy(f"{__name__}:broken", ""))
    monkeypatch.setattr(
        sys.modules[__name__], "broken", click.Command("x", callback=failing(KeyboardInterrupt()))
    )
    said = here(capsys, "play")
    assert (said.code, said.err.strip()) == (1, "devicehub: interrupted")


@pytest.mark.wallclock
def test_the_module_runs_like_the_script() -> None:
    said = devicehub("--version")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("devicehub ")


@pytest.mark.wallclock
def test_a_reader_that_leaves_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "devicehub", "profiles", "list"],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.returncode == 1
    assert done.stderr == ""


broken = click.Command("broken")


@pytest.mark.parametrize("group", [groups.profiles, groups.devices, groups.person, groups.history])
def test_the_line_of_a_group_names_all_of_its_commands(group: click.Group) -> None:
    line = main.COMMANDS[str(group.name)].line
    assert all(name in line for name in group.list_commands(click.Context(group)))
