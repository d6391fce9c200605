"""The small changes that are tried: mutmut thinks them up, here they are put into the code."""

import __future__

import ast
import difflib
import functools
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, create_mutations, deep_replace

from tests.mutation.reasons import Change
from tests.shipped import ROOT

# mutmut leaves decorated functions alone, because it copies them. Here the function that is inside
# changes, so these need not be seen: their lines are left empty.
_DECORATED = re.compile(r"^ *@(property|contextmanager|cache|functools\.cache)$", re.MULTILINE)
_INSIDE = ("fget", "__func__", "__wrapped__")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of one function.

    Attributes:
        name: Tells it from all others, as long as the function stays as it is.
        file: Where the function is, from the root of the tree.
        change: What is changed.
        lines: The lines of which a test has to run one to notice.
        source: The changed function, within a class of its name if it is a method.
    """

    name: str
    file: str
    change: Change
    lines: range
    source: str


def mutants(file: str) -> Iterator[Mutant]:
    """Yield each change of `file`."""
    text = _DECORATED.sub("", (ROOT / file).read_text(encoding="utf-8"))
    module, mutations, _, _ = create_mutations(file, text)
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    statements = _statements(ast.parse(text))
    homes = dict(_functions(module))
    seen: Counter[str] = Counter()
    for mutation in mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef) or function not in homes:
            continue
        change, source = _applied(module, file, mutation, function, homes[function])
        seen[f"{change}"] += 1
        place = places.get(mutation.original_node) or places[function]
        lines = _lines(place, statements)
        yield Mutant(f"{change.where} {seen[f'{change}']} {change}", file, change, lines, source)


def activate(mutant: Mutant) -> None:
    """Put the changed function in the place of the one that is loaded, for good."""
    module = importlib.import_module(mutant.change.module)
    path = mutant.change.where.partition(":")[2].split(".")
    space = dict(vars(module))
    flags = __future__.annotations.compiler_flag
    exec(compile(mutant.source, mutant.file, "exec", flags, dont_inherit=True), space)  # noqa: S102
    changed, living = _function(space, path), _function(vars(module), path)
    living.__code__ = changed.__code__
    living.__defaults__ = changed.__defaults__
    living.__kwdefaults__ = changed.__kwdefaults__


def _function(space: dict[str, Any], path: list[str]) -> FunctionType:
    found: object = space[path[0]] if len(path) == 1 else space[path[0]].__dict__[path[1]]
    function: object = next((getattr(found, at) for at in _INSIDE if hasattr(found, at)), found)
    if not inspect.isfunction(function):
        raise TypeError(f"{'.'.join(path)}: {function!r} is no function")
    return function


def _functions(module: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    """Yield each function of the module and its classes, with the name of its class."""
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield node, ""
        if isinstance(node, cst.ClassDef):
            yield from (
                (one, node.name.value) for one in node.body.body if isinstance(one, cst.FunctionDef)
            )


def _applied(
    module: cst.Module, file: str, mutation: Mutation, function: cst.FunctionDef, within: str
) -> tuple[Change, str]:
    changed = deep_replace(function, mutation.original_node, mutation.mutated_node)
    if not isinstance(changed, cst.FunctionDef):
        raise TypeError(f"{file}: {function.name.value}: no function is left")
    was, now = _difference(_text(module, function), module.code_for_node(changed))
    name = f"{within}.{function.name.value}" if within else function.name.value
    where = f"{file.removesuffix('.py').replace('/', '.')}:{name}"
    whole = cst.ClassDef(cst.Name(within), cst.IndentedBlock([changed])) if within else changed
    return Change(where, was, now), module.code_for_node(whole)


@functools.lru_cache(maxsize=1)
def _text(module: cst.Module, function: cst.FunctionDef) -> str:
    return module.code_for_node(function)


def _difference(before: str, after: str) -> tuple[str, str]:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
    was, now = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return was, now


def _statements(tree: ast.Module) -> list[ast.stmt]:
    """Return all statements, the shortest first."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return sorted(found, key=lambda node: (_end(node) - node.lineno, -node.col_offset))


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _lines(place: CodeRange, statements: list[ast.stmt]) -> range:
    """Return the lines of the statement that is changed; its head alone, if it is in the head."""
    first, last = place.start.line, place.end.line
    for node in statements:
        if node.lineno <= first and last <= _end(node):
            begins = _begins(node)
            return range(node.lineno, begins if last < begins else _end(node) + 1)
    raise ValueError(f"no statement in lines {first} to {last}")


def _begins(node: ast.stmt) -> int:
    """Return the line where the body of a statement begins, if what is above it is run with it."""
    if isinstance(node, ast.If | ast.While | ast.For | ast.AsyncFor | ast.With | ast.AsyncWith):
        return node.body[0].lineno
    return 0
