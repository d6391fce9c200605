"""A home whose massagers are in another room: hub, keeper, proxy and simulator, each a process."""

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.processes import Home, ended


@dataclass
class ProxiedHome(Home):
    """A home without a simulator's air: what it plays on is behind the proxy of its settings.

    A real person rests between two sessions, so each session is for another one.
    """

    def play_command(self, models: Sequence[str], minutes: float = 5.0) -> list[str]:
        """Return the command that plays on massagers of the other room."""
        *play, option, _ = super().play_command(models, minutes)
        if option != "--air":
            raise AssertionError(option)
        return [*play, "--person", self.introduced()]

    def know(self, port: int) -> None:
        """Put the proxy that listens at a port into the settings."""
        folder = Path(self.places["XDG_CONFIG_HOME"]) / "devicehub"
        folder.mkdir(exist_ok=True)
        settings = f'[proxies.bedroom]\nhost = "127.0.0.1"\nport = {port}\n'
        (folder / "config.toml").write_text(settings, encoding="utf-8")

    @contextmanager
    def proxy(self, port: int = 0) -> Generator[tuple[subprocess.Popen[str], int]]:
        """Switch a proxy on in a process of its own; yield it and its port."""
        program = "from firmware_sim.cli import main; main()"
        words = ["proxy", "--air", self.air, "--listen", f"127.0.0.1:{port}"]
        with ended(
            subprocess.Popen(
                [sys.executable, "-c", program, *words],
                env=self.env,
                stdout=subprocess.PIPE,
                text=True,
            )
        ) as process:
            said = "" if process.stdout is None else process.stdout.readline()
            if not said.startswith("listening"):
                raise AssertionError("the proxy does not listen")
            yield process, int(said.split()[2].rpartition(":")[2])
