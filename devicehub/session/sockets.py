"""Where the control sockets of running sessions are. Light imports: `stop` must start fast."""

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """Return the folder in which running sessions of this user keep their control sockets."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "devicehub"
    return Path(tempfile.gettempdir()) / f"devicehub-{os.getuid()}"


def is_ours(home: Path) -> bool:
    """Say whether a folder is this user's own; in a shared place another may have made it first."""
    try:
        found = home.lstat()
    except OSError:
        return False
    return found.st_uid == os.getuid() and not home.is_symlink()


def found() -> list[Path]:
    """Return the control sockets that are there, in order; none in a folder of somebody else."""
    home = folder()
    return sorted(path for path in home.glob("*.sock") if path.is_socket()) if is_ours(home) else []


def remove(path: Path) -> None:
    """Remove the control socket of a process that is gone."""
    path.unlink(missing_ok=True)
