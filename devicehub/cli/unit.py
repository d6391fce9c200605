"""The unit for systemd: a service of this user, watched, and followed by a stop."""

import shlex
import sys
from importlib import resources
from pathlib import Path

import platformdirs

from devicehub.errors import UsageError

NAME = "devicehub.service"
_NEXT = "systemctl --user daemon-reload && systemctl --user enable --now devicehub"


def install(config: Path | None) -> str:
    """Write the unit where systemd looks for it, and return what to do next.

    Args:
        config: The file of settings that it shall read; None for the usual one.

    Raises:
        UsageError: This computer has no systemd.
        OSError: It cannot be written.
    """
    if not sys.platform.startswith("linux"):
        raise UsageError("--install-unit: only Linux has systemd; docs/service.md has the rest")
    path = platformdirs.user_config_path("systemd", appauthor=False) / "user" / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(config), encoding="utf-8")
    return f"{path}\nnow: {_NEXT}"


def text(config: Path | None = None) -> str:
    """Return the unit, for the interpreter that runs now."""
    template = resources.files("devicehub.cli").joinpath("devicehub.service.in")
    command = [sys.executable, "-P", "-m", "devicehub"]
    options = [] if config is None else ["--config", str(config.absolute())]
    return (
        template.read_text(encoding="utf-8")
        .replace("@SERVE@", _quoted([*command, "serve", *options]))
        .replace("@STOP@", _quoted([*command, "stop", *options]))
    )


def _quoted(words: list[str]) -> str:
    """Return words as systemd takes them: % and $ stand for themselves when they are doubled."""
    return shlex.join(words).replace("%", "%%").replace("$", "$$")
