"""`devicehub exercises`: warming up the neck by oneself, timed and told. No massager is needed."""

from typing import Any

import click

from devicehub.cli.guiding.asked import manner_of
from devicehub.cli.guiding.lines import told_lines
from devicehub.cli.guiding.panel import BY_ONESELF, Scene
from devicehub.cli.guiding.telling import told
from devicehub.cli.language import language_option
from devicehub.cli.terminal import ascii_only
from devicehub.i18n.words import Words
from profiles.guiding import exercise_guide
from profiles.handbook.loader import exercises as bundled


@click.command()
@language_option("what is said")
@click.option("--speak", is_flag=True, help="Say it aloud.")
@click.option("--bell", is_flag=True, help="The terminal rings every step.")
@click.option("--speed", metavar="X", help="Times real time, or max; for trying it out.")
@click.option("--dry-run", is_flag=True, help="Print all that would be said, and when.")
@click.option("--json", "as_json", is_flag=True, help="Instructions as JSON, one object a line.")
def exercises(**options: Any) -> int:
    """Warm up the neck by yourself, twelve minutes, with every step timed and told."""
    manner = manner_of(options)
    manner.check()
    words = Words.of(manner.language)
    scene = Scene(exercise_guide(bundled().values()), BY_ONESELF, words, ascii_only())
    if options["dry_run"]:
        click.echo("\n".join(told_lines(scene)))
        return 0
    click.echo(words.word("before_exercises"), err=True)
    return told(scene, manner)
