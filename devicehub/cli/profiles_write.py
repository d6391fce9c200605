"""Files that are written for somebody.

A profile is somebody's work: it goes into a new file, or to the output, never over another one.
What is drawn or exported can be made again: it replaces a file, and that is told.
"""

import stat
from pathlib import Path

import click

from devicehub.errors import UsageError

OUTPUT = "-"


def write_new(out: Path | None, text: str) -> None:
    """Write `text` into the new file `out`, or to the output where that is None or ``-``.

    Raises:
        UsageError: There is something of that name already.
    """
    if out is None or str(out) == OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{out}: is there already, and is left as it is; give another name") from (
            None
        )
    click.echo(f"wrote {out}", err=True)


def write_over(out: Path, text: str) -> None:
    """Write `text` into the file `out`, new or not, and tell which.

    Raises:
        UsageError: There is something of that name that is no file; a pipe would be waited for.
        OSError: It cannot be written.
    """
    there = out.exists()
    if there and not stat.S_ISREG(out.stat().st_mode):
        raise UsageError(f"{out}: is there and is no ordinary file; give another name")
    out.write_text(text, encoding="utf-8")
    click.echo(f"{'replaced' if there else 'wrote'} {out}", err=True)
