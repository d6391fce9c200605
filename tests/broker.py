"""A real mosquitto of our own on a free port of this computer; nothing of it is left."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import until

MISSING = "mosquitto is not installed: apt-get install mosquitto mosquitto-clients"

OPEN = """
listener {port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
persistence false
max_queued_messages 0
log_type error
log_type warning
log_type notice
log_type information
log_type subscribe
"""


def mosquitto() -> str:
    """Return where the broker is. Fails, and does not skip: what needs it is the contract."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which("mosquitto", path=places)
    if found is None or shutil.which("mosquitto_sub") is None:
        raise AssertionError(MISSING)
    return found


@contextmanager
def own_port() -> Generator[int]:
    """Yield a port that nobody else is given meanwhile, whether our broker is up or down.

    It is bound here and not listened to: Linux lets who asks to share the address listen there, as
    mosquitto does, and gives it to no server and no client that does not ask.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        yield port


@dataclass
class Broker:
    """A broker that can be killed, suspended and started again on the same port."""

    folder: Path
    port: int
    text: str = OPEN
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        config = self.folder / "mosquitto.conf"
        config.write_text(self.text.format(port=self.port, folder=self.folder))
        log = (self.folder / "mosquitto.log").open("ab")
        with log:
            process = subprocess.Popen([mosquitto(), "-c", str(config)], stdout=log, stderr=log)
        self.process = process
        until(lambda: process.poll() is not None or self._answers(), "it takes no connection")
        if process.poll() is not None:
            raise AssertionError(self.log())

    def _answers(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """Kill it: what it retained is gone with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def suspend(self) -> None:
        """Let it hang: its connections stay open, and nothing is answered."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")


@contextmanager
def broker(folder: Path, text: str = OPEN) -> Generator[Broker]:
    """Yield a broker that runs; it is gone at the end."""
    with own_port() as port:
        made = Broker(folder, port, text)
        try:
            made.start()
            yield made
        finally:
            made.go_on()
            made.kill()
