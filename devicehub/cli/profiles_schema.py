"""`devicehub profiles schema`: what a profile may hold, for editors."""

import json

import click

from profiles.schema import schema as made


@click.command()
def schema() -> None:
    """Print the JSON Schema of profile files, for editors."""
    click.echo(json.dumps(made(), indent=2, ensure_ascii=False))
