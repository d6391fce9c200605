"""What the guest is made of: programs of this host, and Debian packages that are only unpacked."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import platformdirs

PROGRAMS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "cpio": "cpio",
    "depmod": "kmod",
}
"""Programs of the host that are needed, each with the package that has it."""

KERNEL = "linux-image-amd64"
PACKAGES = (
    "bluez",
    "dbus",
    "dbus-daemon",
    "dbus-bin",
    "dbus-system-bus-common",
    "libapparmor1",
    "libasound2",
    "libaudit1",
    "libcap-ng0",
    "libdbus-1-3",
    "libdw1",
    "libebook-contacts-1.2-4",
    "libelf1",
    "libexpat1",
    "libglib2.0-0",
    "libical3",
    "libreadline8",
    "libsystemd0",
    "libudev1",
)
"""bluetoothd and the system bus, with the libraries that a small installation lacks."""

_MERGED = ("bin", "sbin", "lib")  # links into /usr where they are unpacked over


class MissingError(Exception):
    """Something is not there that cannot be had from here; the text says what to install."""


def programs() -> None:
    """See that the host's programs are there; root installs what is not.

    Raises:
        MissingError: One is missing.
    """
    packages = [package for program, package in PROGRAMS.items() if _which(program) is None]
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingError(f"missing: apt-get install {' '.join(packages)} (as root), then again")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    _apt(install, {"DEBIAN_FRONTEND": "noninteractive"})


def program(name: str) -> str:
    """Return the path of a program that `programs` has seen to."""
    found = _which(name)
    if found is None:
        raise MissingError(f"missing: {name}, of the package {PROGRAMS[name]}")
    return found


def _which(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def unpacked() -> Path:
    """Return the folder with kernel and packages, unpacked; made once and kept in the cache.

    Raises:
        MissingError: They cannot be downloaded.
    """
    os_release = Path("/etc/os-release").read_text(encoding="utf-8")
    names = "\n".join([KERNEL, *PACKAGES, *sorted(_MERGED), os_release])
    key = hashlib.sha256(names.encode()).hexdigest()[:16]
    folder = platformdirs.user_cache_path("devicehub", appauthor=False) / "bluez" / key
    ready = folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "debs").mkdir(parents=True)
        _download(folder / "debs")
        _unpack(sorted((folder / "debs").glob("*.deb")), folder / "root")
        ready.touch()
    return folder / "root"


def _download(folder: Path) -> None:
    if shutil.which("apt-get") is None:
        raise MissingError("missing: apt-get; this test needs Debian's kernel and bluez")
    kernel = _kernel()
    if kernel is None and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdin=subprocess.DEVNULL)
        kernel = _kernel()
    if kernel is None:
        raise MissingError(f"missing: {KERNEL} in apt's lists (apt-get update, as root)")
    _apt(["apt-get", "download", "-qq", kernel, *PACKAGES], cwd=folder)


def _kernel() -> str | None:
    """Return the package that the distribution's current kernel comes in, if apt knows it."""
    asked = subprocess.run(
        ["apt-cache", "depends", KERNEL], capture_output=True, text=True, check=False
    )
    for line in asked.stdout.splitlines():
        kind, _, name = line.strip().partition(": ")
        if kind == "Depends" and name.startswith("linux-image-"):
            return name
    return None


def _apt(
    command: Sequence[str], more: dict[str, str] | None = None, cwd: Path | None = None
) -> None:
    """Run apt-get; once more with fresh lists where this user may fetch them."""
    env = os.environ | (more or {})
    for update in (False, True):
        if update and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"], check=False, stdin=subprocess.DEVNULL)
        done = subprocess.run(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode == 0:
            return
    last = (done.stderr.strip() or "no reason given").splitlines()[-1]
    raise MissingError(f"{' '.join(command[:2])} failed: {last}")


def _unpack(debs: Sequence[Path], root: Path) -> None:
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", str(deb), str(root)], check=True)
    for name in _MERGED:
        _merge(root / name, root / "usr" / name)
    subprocess.run([program("depmod"), "-b", str(root / "usr"), version(root)], check=True)


def _merge(folder: Path, into: Path) -> None:
    """Move what is in `folder` where it is on a host whose /bin, /sbin and /lib are links."""
    if not folder.is_dir():
        return
    shutil.copytree(folder, into, symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(folder)


def version(root: Path) -> str:
    """Return the version of the unpacked kernel."""
    (modules,) = (root / "usr" / "lib" / "modules").iterdir()
    return modules.name
