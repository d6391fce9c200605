"""Where the control sockets of running sessions are. Light imports: `stop` must start fast.

A socket lies in the folder of its shell, and a link to it in the folder of this user's state: the
`stop` of a shell with another runtime folder, or with none, finds it there.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import platformdirs


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


def announce(path: Path) -> None:
    """Let every shell of this user find a socket; its own one does even where that cannot be."""
    with contextlib.suppress(OSError):
        links().mkdir(parents=True, exist_ok=True, mode=0o700)
        link = _link(path)
        link.unlink(missing_ok=True)
        link.symlink_to(path.absolute())


def remove(path: Path) -> None:
    """Remove the control socket of a process that is gone."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        if (link := _link(path)).is_symlink() and _target(link) == path.absolute():
            link.unlink(missing_ok=True)


def _link(path: Path) -> Path:
    return links() / path.name


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return link


def _in(home: Path) -> list[Path]:
    try:
        return list(home.glob("*.sock")) if is_ours(home) else []
    except OSError:
        return []
