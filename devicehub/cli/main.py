"""The command line's front door: commands imported when they are used, errors told in one place."""

import importlib
import os
import sys
from collections.abc import Sequence

import click

from devicehub.cli.lazy import Lazy, LazyGroup
from devicehub.errors import HubError
from profiles.errors import ProfileError

_BAD_INPUT = 2
_STANDARD_ERROR = 2

COMMANDS = {
    "play": Lazy("devicehub.cli.play:play", "Play a profile on a massager."),
    "stop": Lazy("devicehub.cli.stop:stop", "Stop whatever is running, now."),
    "serve": Lazy("devicehub.cli.serve:serve", "The hub as a service, until it is ended."),
    "start": Lazy("devicehub.cli.start:start", "Start a session on the service."),
    "tell": Lazy("devicehub.cli.start:tell", "Pause, resume, present, ceiling: to the service."),
    "scan": Lazy("devicehub.cli.scan:scan_command", "Massagers in range, and the simulated ones."),
    "exercises": Lazy(
        "devicehub.cli.guiding.exercises:exercises", "Warm up the neck by yourself, told and timed."
    ),
    "profiles": Lazy(
        "devicehub.cli.groups:profiles",
        "Profiles: list, show, check, plot, new, export, import, schema.",
    ),
    "devices": Lazy(
        "devicehub.cli.groups:devices",
        "Models: list, show, encode; yours: new, check, save, forget, proxies.",
    ),
    "person": Lazy(
        "devicehub.cli.groups:person", "People: list, add, screen, show, acknowledge, forget."
    ),
    "history": Lazy("devicehub.cli.groups:history", "Past sessions: list, show, export, report."),
    "config": Lazy("devicehub.cli.groups:config", "Settings of the service: check, show, schema."),
    "mqtt": Lazy("devicehub.cli.groups:mqtt", "What is said over MQTT: discovery."),
    "doctor": Lazy("devicehub.cli.doctor:doctor", "What is wrong, and how to mend it."),
    "drill": Lazy("devicehub.cli.drill:drill", "The session of a stop test.", hidden=True),
    "tryout": Lazy("devicehub.cli.tryout:tryout", "One burst of devices new.", hidden=True),
    "keeper": Lazy("devicehub.cli.keeper:keeper", "The process that holds the links.", hidden=True),
}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value:
        return
    metadata = importlib.import_module("importlib.metadata")
    click.echo(f"devicehub {metadata.version('devicehub')}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without hardware: devicehub play taster --device sim:reference-cape",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def devicehub(ctx: click.Context) -> None:
    """Play massage techniques on Bluetooth massagers, under caps that protect spine and neck."""
    if ctx.invoked_subcommand is None:
        status = importlib.import_module("devicehub.cli.status")
        click.echo(status.text())


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; errors are told on standard error.

    Args:
        argv: The words after the program's name; None for the ones of this process.

    Returns:
        0 done, 1 failed, 2 bad usage or input, 3 stop not confirmed, 4 refused or ended by
        safety, 5 device not found or lost.
    """
    try:
        code = devicehub.main(
            None if argv is None else list(argv), prog_name="devicehub", standalone_mode=False
        )
    except (click.ClickException, HubError, ProfileError, OSError) as error:
        return _told(error)
    except (click.Abort, KeyboardInterrupt) as error:
        return _told(error)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line of this process and exit with its code."""
    _hold_standard_files()
    sys.exit(run())


def _hold_standard_files() -> None:
    """Fill the places of standard files that the shell has closed, so that no other file gets them.

    What is written to standard error would else end up in whatever was opened in its place.
    """
    while (fd := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        os.set_inheritable(fd, True)
    os.close(fd)


def _told(error: BaseException) -> int:
    """Tell the error on standard error and return its exit code."""
    if isinstance(error, BrokenPipeError):
        _silence_stdout()
        return 1
    text, code = _text_and_code(error)
    click.echo(f"devicehub: {text}", err=True)
    try:
        click.echo(nl=False)
    except OSError:  # what is left of an output that failed would fail again at the exit
        _silence_stdout()
    return code


def _text_and_code(error: BaseException) -> tuple[str, int]:
    if isinstance(error, click.ClickException):
        return _usage_text(error), error.exit_code
    if isinstance(error, HubError):
        return str(error), error.exit_code
    if isinstance(error, ProfileError):
        return str(error), _BAD_INPUT
    if isinstance(error, OSError):
        return f"{error.filename or 'system'}: {error.strerror or error}", 1
    return "interrupted", 1


def _usage_text(error: click.ClickException) -> str:
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    return f"{message.rstrip('.')}\ntry: {context.command_path} --help"


def _silence_stdout() -> None:
    """Give the interpreter's last flush somewhere to go: the reader has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
