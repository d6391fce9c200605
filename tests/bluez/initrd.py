"""The small first file system: busybox, a few modules of the kernel, and `init.sh`."""

import shutil
import subprocess
from pathlib import Path

from tests.bluez.packages import program, version

MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
"""What the guest loads before it sees the host's files; what these need is found in modules.dep."""

_HERE = Path(__file__).parent


def build(root: Path) -> Path:
    """Return the initrd for the kernel that is unpacked in `root`; made anew each time."""
    made = root.parent / "initrd"
    shutil.rmtree(made, ignore_errors=True)
    for folder in ("bin", "modules", "proc", "sys", "dev", "host", "extra", "top", "root"):
        (made / folder).mkdir(parents=True)
    shutil.copy(program("busybox"), made / "bin" / "busybox")
    shutil.copy(_HERE / "init.sh", made / "init")
    (made / "init").chmod(0o755)
    order = _with_needs(root / "usr" / "lib" / "modules" / version(root))
    for module in order:
        shutil.copy(module, made / "modules" / module.name)
    names = "".join(f"{module.name}\n" for module in order)
    (made / "modules" / "order").write_text(names, encoding="ascii")
    image = root.parent / "initrd.img"
    names = "".join(f"{path.relative_to(made)}\n" for path in sorted(made.rglob("*")))
    with image.open("wb") as file:
        subprocess.run(
            [program("cpio"), "-o", "-H", "newc", "--quiet"],
            cwd=made,
            input=names.encode(),
            stdout=file,
            check=True,
        )
    return image


def _with_needs(modules: Path) -> list[Path]:
    """Return the files of `MODULES` and of all that they need, in the order of loading."""
    needs: dict[str, list[str]] = {}
    for line in (modules / "modules.dep").read_text(encoding="ascii").splitlines():
        file, _, others = line.partition(":")
        needs[file] = others.split()
    order: dict[str, None] = {}
    for name in MODULES:
        wanted = next(
            file for file in needs if Path(file).name.split(".")[0].replace("-", "_") == name
        )
        for file in [*reversed(needs[wanted]), wanted]:
            order[file] = None
    return [modules / file for file in order]
