"""The machine: QEMU without KVM, the host's files read-only, its words on a second serial port."""

import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bluez.packages import program

MEMORY_MB = 1024
# Emulated, a plain processor is faster than a rich one, one is cheaper than two, and each system
# call costs less without the kernel's guards against a spying neighbour. Priorities are of
# processes, not of groups.
PROCESSOR = "qemu64"
KERNEL_OPTIONS = (
    "console=ttyS0 quiet panic=-1 mitigations=off noautogroup"
    " nokaslr init_on_alloc=0 cryptomgr.notests=1 audit=0"
)

# The guest's clock counts instructions, a nanosecond each, and waits in real time where there is
# nothing to do: however busy this machine is, the guest sees a processor of one speed.
CLOCK = "shift=0"


@dataclass(frozen=True, slots=True)
class Machine:
    """What is booted.

    Attributes:
        root: The unpacked packages.
        kernel: What is booted, packed or not.
        initrd: Its first file system.
        project: The checkout, with its .venv.
        out: A folder of the host that the guest may write in.
    """

    root: Path
    kernel: Path
    initrd: Path
    project: Path
    out: Path

    def command(self) -> list[str]:
        words = f"{KERNEL_OPTIONS} devicehub.project={self.project}"
        return [
            *(program("qemu-system-x86_64"), "-accel", "tcg,thread=single", "-cpu", PROCESSOR),
            *("-icount", CLOCK, "-m", str(MEMORY_MB), "-smp", "1"),
            *("-nodefaults", "-display", "none", "-no-reboot"),
            *("-kernel", str(self.kernel), "-initrd", str(self.initrd)),
            *("-append", words, "-serial", f"file:{self.out / 'console.log'}", "-serial", "stdio"),
            *_shared(Path("/"), "host", ",readonly=on,multidevs=remap"),
            *_shared(self.root, "extra", ",readonly=on"),
            *_shared(self.out, "out", ""),
        ]


def _shared(path: Path, tag: str, more: str) -> tuple[str, str]:
    return "-virtfs", f"local,path={path},mount_tag={tag},security_model=none{more}"


@contextmanager
def booted(machine: Machine) -> Generator[Iterator[str]]:
    """Boot it; yield the lines that it says until it is switched off."""
    with subprocess.Popen(
        machine.command(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as qemu:
        try:
            yield iter(qemu.stdout or ())
        finally:
            qemu.kill()
