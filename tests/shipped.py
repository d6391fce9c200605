"""What the project ships, as the house's tests see it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("profiles", "devicehub", "firmware_sim")
TEXT = {".py", ".md", ".toml", ".json", ".jsonl", ".html", ".js", ".css", ".svg", ".yml", ".yaml"}
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def code() -> list[Path]:
    """Return all shipped Python files."""
    return sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def pages() -> list[Path]:
    """Return all Markdown pages."""
    return [ROOT / name for name in PAGES] + sorted((ROOT / "docs").rglob("*.md"))


def text() -> list[Path]:
    """Return every text that a user or a contributor gets to read."""
    inside = (file for folder in (*PACKAGES, "docs") for file in (ROOT / folder).rglob("*"))
    pages = [ROOT / name for name in (*PAGES, "Makefile", "pyproject.toml")]
    return pages + sorted(file for file in inside if file.suffix in TEXT)


def tree(file: Path) -> ast.Module:
    """Return the parsed source of `file`."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def functions(file: Path) -> Iterator[tuple[Function, int]]:
    """Yield each function with its length in lines, docstring not counted."""
    for node in ast.walk(tree(file)):
        if isinstance(node, Function):
            first = node.body[0]
            note = first if ast.get_docstring(node, clean=False) is not None else None
            told = (note.end_lineno or note.lineno) - note.lineno + 1 if note else 0
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1 - told


def name(file: Path) -> str:
    """Return the path of `file` as people write it."""
    return file.relative_to(ROOT).as_posix()
