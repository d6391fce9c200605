"""The shape of the code: short files and functions, one tree of errors, one way to the motors."""

import ast
import inspect
import tomllib

import pytest

from devicehub import errors
from tests.shipped import ROOT, code, functions, name, tree

pytestmark = pytest.mark.exhaustive  # it reads the code and runs none of it

MOST_LINES_OF_A_FILE = 260
MOST_LINES_OF_A_FUNCTION = 45  # without its docstring

CONTRACTS = {
    "The one direction",
    "profiles and firmware_sim stand alone",
    "Twins do not know each other",
    "Only the command line plugs the simulator in",
    "Pure code has no loop, radio, clock or chance",
    "bleak at its edges",
    "bumble in the simulator only",
    "One door to the motors",
    "Stops without a session come from the rescue alone",
    "No cycles",
}


def test_files_are_short_enough_to_be_read() -> None:
    lines = {name(file): file.read_text(encoding="utf-8").count("\n") for file in code()}
    assert {file: n for file, n in lines.items() if n > MOST_LINES_OF_A_FILE} == {}


def test_functions_fit_on_a_screen() -> None:
    lines = {f"{name(file)}:{f.name}": n for file in code() for f, n in functions(file)}
    assert {function: n for function, n in lines.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def test_shipped_code_does_not_assert() -> None:
    nodes = ((file, node) for file in code() for node in ast.walk(tree(file)))
    assert [f"{name(f)}:{n.lineno}" for f, n in nodes if isinstance(n, ast.Assert)] == []


def hub_errors() -> list[type[errors.HubError]]:
    classes = (c for _, c in inspect.getmembers(errors, inspect.isclass))
    return [c for c in classes if issubclass(c, errors.HubError)]


def test_every_error_of_the_hub_is_in_one_tree_that_its_docstring_draws() -> None:
    assert len(hub_errors()) == len(inspect.getmembers(errors, inspect.isclass))
    assert [c for c in hub_errors() if c.__name__ not in str(errors.__doc__)] == []


def test_every_error_of_the_hub_has_an_exit_code_of_the_contract() -> None:
    assert {c.exit_code for c in hub_errors()} <= {1, 2, 3, 4, 5}


def test_no_setting_from_outside_reaches_the_governor() -> None:
    words = ("environ", "getenv", "argv")
    safety = [file for file in code() if name(file).startswith("devicehub/safety/")]
    assert safety
    assert [
        name(file) for file in safety if any(word in file.read_text("utf-8") for word in words)
    ] == []


def test_there_is_one_place_that_writes_to_a_massager() -> None:
    places = [
        f"{name(file)}:{node.lineno}"
        for file in code()
        if name(file).startswith("devicehub/")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr == "write_gatt_char"
    ]
    assert len(places) == 1, places


def test_the_import_contracts_stand() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    linter = settings["tool"]["importlinter"]
    layers = next(c for c in linter["contracts"] if c["type"] == "layers")
    assert {c["name"] for c in linter["contracts"]} >= CONTRACTS
    assert layers["exhaustive"]
    assert "ignore_imports" not in str(linter)


def test_the_gate_is_strict() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tools["ruff"]["lint"]["select"] == ["ALL"]
    assert tools["pyright"]["typeCheckingMode"] == "strict"
    assert tools["pytest"]["ini_options"]["filterwarnings"] == ["error"]
    assert tools["coverage"]["run"]["branch"]
