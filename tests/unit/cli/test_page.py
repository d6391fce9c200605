"""docs/cli.md and the command line say the same."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from devicehub.cli import main
from devicehub.cli.lazy import LazyGroup

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(group: LazyGroup, path: str = "devicehub") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, LazyGroup):
            yield from commands(command, f"{path} {name}")
        elif command is not None:
            yield f"{path} {name}", command


def test_the_page_lists_every_command() -> None:
    group = main.devicehub
    assert isinstance(group, LazyGroup)
    listed = set(re.findall(r"^\| `(devicehub [a-z ]*[a-z])\b", PAGE, re.MULTILINE))
    assert listed == {path for path, _ in commands(group)}


def test_the_page_lists_every_option_of_play() -> None:
    group = main.devicehub
    assert isinstance(group, LazyGroup)
    play = dict(commands(group))["devicehub play"]
    names = {name for option in play.params for name in option.opts if name.startswith("--")}
    section = PAGE.split("\n## play\n")[1].split("\n## ")[0]
    assert names == set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE))


def test_the_page_lists_every_exit_code() -> None:
    section = PAGE.split("\n## Exit codes\n")[1]
    assert re.findall(r"^\| (\d) \|", section, re.MULTILINE) == list("012345")
