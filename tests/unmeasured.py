"""The environment of a child that adds nothing to coverage: its tracer would only slow it down."""

import os


def environment() -> dict[str, str]:
    """Return this process's environment without what makes a child measure itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
