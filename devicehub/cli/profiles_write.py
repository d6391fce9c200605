"""A profile that is written for somebody: a new file, or the output; nothing is written over."""

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
