"""A real mosquitto of our own on a free port of this computer; nothing of it is left."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SOON_S = 10.0
PORTS = range(20_000, 32_000)  # below those that clients get
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


def free_port() -> int:
    """Return a port that is free and that no client is given by the system while we are down."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as here, suppress(OSError):
            here.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@dataclass
class Broker:
    """A broker that can be killed, suspended and started again on the same port."""

    folder: Path
    text: str = OPEN
    port: int = field(default_factory=free_port)
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
            self.process = subprocess.Popen(
                [mosquitto(), "-c", str(config)], stdout=log, stderr=log
            )
        end_s = time.monotonic() + SOON_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1.0).close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end_s:
                    raise AssertionError(self.log()) from None
                time.sleep(0.01)
            else:
                return

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
    made = Broker(folder, text)
    made.start()
    try:
        yield made
    finally:
        made.go_on()
        made.kill()
