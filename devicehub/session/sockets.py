"""Where the control sockets of running sessions are. Light imports: `stop` must start fast.

A socket lies in the folder of its shell, and a link to it in the folder of this user's state: the
`stop` of a shell with another runtime folder, or with none, finds it there. Beside the link lies a
file that the session holds locked as long as it lives: where somebody cleared its socket away, the
file still says which process it is, and that it is no other one that got its number.
"""

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path

import platformdirs

_LONGEST = 200  # bytes


def folder() -> Path:
    """Return the folder in which running sessions of this user keep their control sockets."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "devicehub"
    return Path(tempfile.gettempdir()) / f"devicehub-{os.getuid()}"


def links() -> Path:
    """Return the folder in which every shell of this user finds links to those sockets."""
    return Path(platformdirs.user_state_dir("devicehub", appauthor=False)) / "sessions"


def is_ours(home: Path) -> bool:
    """Say whether a folder is this user's own; in a shared place another may have made it first."""
    try:
        found = home.lstat()
    except OSError:
        return False
    return found.st_uid == os.getuid() and not home.is_symlink()


def found() -> list[Path]:
    """Return the control sockets that are there, in order; none in a folder of somebody else."""
    here = [path for path in _in(folder()) if path.is_socket()]
    linked = [path for link in _in(links()) if (path := _target(link)).is_socket()]
    return sorted({path for path in (*here, *linked) if is_ours(path.parent)})


def unreached() -> list[int]:
    """Return the processes of sessions that live here, and that no socket leads to any more."""
    served = {path.stem for path in found()}
    held = [path for path in _in(links(), "*.alive") if _is_held(path)]
    return sorted(
        int(path.stem) for path in held if path.stem.isdecimal() and path.stem not in served
    )


def announce(path: Path) -> int | None:
    """Let every shell of this user find a socket; its own one does even where that cannot be.

    Returns:
        A file to keep open as long as the session lives; None where none could be made.
    """
    with contextlib.suppress(OSError):
        links().mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep()
        link = _link(path)
        link.unlink(missing_ok=True)
        link.symlink_to(path.absolute())
        alive = os.open(_alive(path), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(alive, 0)
        os.pwrite(alive, _here(), 0)
        return alive
    return None


def _sweep() -> None:
    """Clear away what sessions of this computer left that were killed, and whose socket is gone.

    A file without words is that of a session that begins just now.
    """
    for path in _in(links(), "*.alive"):
        if not _link(path).exists() and _is_left(path):
            path.unlink(missing_ok=True)
    for link in _in(links()):
        if not link.exists() and not _alive(link).exists():
            link.unlink(missing_ok=True)


def _is_left(path: Path) -> bool:
    """Say whether a session of this computer wrote `path` and lives no more."""
    try:
        return path.read_bytes() == _here() and not _is_held(path)
    except OSError:
        return False


def remove(path: Path) -> None:
    """Remove the control socket of a process that is gone, or is going."""
    with contextlib.suppress(OSError):
        _alive(path).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        if (link := _link(path)).is_symlink() and _target(link) == path.absolute():
            link.unlink(missing_ok=True)


def _is_held(path: Path) -> bool:
    """Say whether a session on this computer, and among these processes, holds `path` locked."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(file, _LONGEST, 0) == _here()
    finally:
        os.close(file)
    return False


def _here() -> bytes:
    """Say where a process's number means something: a home may be shared between computers."""
    among = ""
    with contextlib.suppress(OSError):  # Linux alone has several sets of processes
        among = str(Path("/proc/self/ns/pid").readlink())
    return f"{os.uname().nodename} {among}".encode(errors="surrogateescape")[:_LONGEST]


def _alive(path: Path) -> Path:
    return links() / f"{path.stem}.alive"


def _link(path: Path) -> Path:
    return links() / f"{path.stem}.sock"


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return link


def _in(home: Path, pattern: str = "*.sock") -> list[Path]:
    try:
        return list(home.glob(pattern)) if is_ours(home) else []
    except OSError:
        return []
