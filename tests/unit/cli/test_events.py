"""Events, snapshots and summaries as JSON: the page and the code say the same."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli import events, text
from devicehub.messages import EndReason, Event, HeatEnd, PlaceAsked, SessionState
from devicehub.safety.governor import ROLL_CALL
from profiles.guiding import Instruction, Kind, Phrase
from tests.unit.cli import schema
from tests.unit.cli.sample import snapshot, summary
from tests.unit.cli.schema import faults
from tests.unit.cli.shell import here

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (float, int),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
SAID = {
    "event": events.event(Event(40.0, "phase", None, "2 of 3: kneading")),
    "snapshot": events.snapshot(
        replace(snapshot(held_by="zone"), places=(PlaceAsked("wand", ("rhomboid",)),))
    ),
    "summary": events.summary(replace(summary(), heat=(HeatEnd("cape", 30.0, 38.5, ""),))),
    "instruction": events.instruction(
        Instruction(
            10.0,
            Kind.MOVE,
            Phrase("circle", number=2, of=5),
            zones=("rhomboid",),
            path=((3.75, 15.5), (3.75, 58.5)),
            seconds=14.3333,
            speed_cm_s=3.0,
        ),
        at_s=10.0,
        technique="stroking",
        text="Circle 2 of 5.",
        language="en",
    ),
}


def table(heading: str) -> dict[str, str]:
    """Return the rows of a section of the page: first column to second."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(ROW.findall(section))


def keys(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every key path of an object; the items of an array share one."""
    if isinstance(value, dict):
        for key, each in value.items():  # pyright: ignore[reportUnknownVariableType] - JSON
            inner = f"{path}.{key}" if path else str(key)  # pyright: ignore[reportUnknownArgumentType]
            yield inner, each
            yield from keys(each, inner)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for each in value:  # pyright: ignore[reportUnknownVariableType] - JSON
            yield from keys(each, f"{path}[]")  # pyright: ignore[reportUnknownArgumentType]


@pytest.mark.parametrize("kind", SAID)
def test_the_page_lists_the_keys_that_are_printed(kind: str) -> None:
    listed = {key for key in table(kind) if key not in events.EVENTS}
    assert listed == {key for key, _ in keys(SAID[kind])}


@pytest.mark.parametrize("kind", SAID)
def test_every_value_has_the_type_that_the_page_says(kind: str) -> None:
    listed = table(kind)
    for key, value in keys(SAID[kind]):
        allowed = tuple(t for word in listed[key].split(" or ") for t in TYPES[word])
        assert type(value) in allowed, key


@pytest.mark.parametrize("kind", SAID)
def test_the_page_and_the_schema_have_the_same_keys(kind: str) -> None:
    listed = {key for key in table(kind) if key not in events.EVENTS}
    assert listed == set(schema.keys(schema.of_kind(kind)))


def test_the_schema_knows_every_state_and_every_end() -> None:
    states = schema.of_kind("snapshot")["properties"]["state"]["enum"]
    reasons = schema.of_kind("summary")["properties"]["reason"]["enum"]
    assert (states, reasons) == (list(SessionState), list(EndReason))


@pytest.mark.exhaustive
@pytest.mark.parametrize("model", ["reference-cape", "lovense-domi"])
def test_every_line_of_a_session_is_what_the_schema_says(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = ["--zone", "rhomboid"] if model == "lovense-domi" else []
    words = ["play", "taster", "--device", f"sim:{model}", "--speed", "max", "--minutes", "0.2"]
    said = here(capsys, *words, "--json", *zone)
    printed = [json.loads(line) for line in said.out.splitlines()]
    assert {line["kind"] for line in printed} == {"event", "snapshot", "summary"}
    wrong = [fault for line in printed for fault in faults(line, schema.of_kind(line["kind"]))]
    assert wrong == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("state", "asleep"), ("ceiling", 1.1), ("passage", 0.5), ("zones", [1]), ("devices", None)],
)
def test_the_schema_refuses_what_is_never_printed(key: str, value: object) -> None:
    said = json.loads(events.line(snapshot()))
    assert list(faults(said, schema.of_kind("snapshot"))) == []
    assert list(faults(said | {key: value}, schema.of_kind("snapshot"))) != []


def test_the_page_and_the_code_name_the_same_events() -> None:
    described = table("event")
    assert {key: described[key] for key in events.EVENTS} == {
        key: meaning.strip() for key, meaning in events.EVENTS.items()
    }


def test_every_event_of_the_hub_is_on_the_page() -> None:
    hub = ROOT / "devicehub"
    watchers = [hub / "cli" / name for name in ("publishing.py", "watching.py")]
    files = [hub / "hub.py", *watchers, *(hub / "session").glob("*.py")]
    emitted = {name for file in files for name in event_names(file)}
    assert emitted == set(events.EVENTS)


def event_names(file: Path) -> Iterator[str]:
    """Yield the names with which a file makes events: ``Event(t, "name")``, ``x.event("name")``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        at = 1 if isinstance(called, ast.Name) and called.id == "Event" else None
        at = 0 if isinstance(called, ast.Attribute) and called.attr == "event" else at
        if at is not None and isinstance(name := node.args[at], ast.Constant):
            yield str(name.value)


def test_every_rule_has_words_and_they_are_those_of_the_page() -> None:
    described = {key: words.strip() for key, words in table("Rules").items()}
    assert set(described) >= ROLL_CALL
    assert described == {key: text.rule(key) for key in described}


@pytest.mark.parametrize("message", [Event(0.0, "started"), snapshot(), summary()])
def test_a_message_is_one_line_of_json(message: object) -> None:
    line = events.line(message)  # pyright: ignore[reportArgumentType] - one of the three
    assert "\n" not in line
    assert json.loads(line)["kind"] in SAID


def test_numbers_have_four_decimals_at_most() -> None:
    assert events.event(Event(1 / 3, "started"))["t_s"] == 0.3333


def test_the_example_of_the_page_is_what_is_printed() -> None:
    (example,) = re.findall(r"```json\n(.+)\n```", PAGE)
    assert json.loads(example) == SAID["event"]
