"""The schema for editors: it takes what the loader takes, and refuses what an editor can see."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from profiles import catalogue
from profiles.body import ZONES
from profiles.schema import schema
from profiles.techniques import TECHNIQUES
from tests.every import every
from tests.unit.cli.shell import here

DOCS = Path(__file__).parents[3] / "docs"
PROFILE: dict[str, Any] = {
    "title": "Small",
    "summary": "Small.",
    "posture": "seated",
    "intent": "wellness",
    "phase": [{"technique": "vibration", "zones": ["rhomboid"], "minutes": 1, "level": 0.3}],
}
CHECK: Any = jsonschema.Draft202012Validator(schema())


def with_phase(**keys: Any) -> dict[str, Any]:
    phase = {k: v for k, v in (PROFILE["phase"][0] | keys).items() if v is not None}
    return PROFILE | {"phase": [phase]}


def test_the_schema_is_one() -> None:
    CHECK.check_schema(schema())
    assert schema()["$schema"] == CHECK.META_SCHEMA["$schema"]


def test_the_schema_in_the_docs_is_the_one_of_the_models() -> None:
    kept = json.loads((DOCS / "profile.schema.json").read_text(encoding="utf-8"))
    assert kept == schema(), "devicehub profiles schema > docs/profile.schema.json"


@pytest.mark.exhaustive
@every(catalogue.names())
def test_a_bundled_profile_fits_the_schema(name: str) -> None:
    assert [*CHECK.iter_errors(tomllib.loads(catalogue.path(name).read_text("utf-8")))] == []


@pytest.mark.parametrize(
    "keys",
    [
        {"level": [0.1, 0.2]},
        {"minutes": None, "seconds": 30},
        {"zones": ["rhomboid", "gluteal"]},
        {"technique": "kneading", "presses": 3},
        {"cue": "Breathe."},
    ],
)
def test_what_the_loader_takes_fits(keys: dict[str, Any]) -> None:
    assert CHECK.is_valid(with_phase(**keys))


@pytest.mark.parametrize(
    "keys",
    [
        {"level": 1.5},
        {"level": [0.1, 0.2, 0.3]},
        {"seconds": 30},
        {"minutes": None},
        {"zones": ["rhombus"]},
        {"zones": []},
        {"technique": "kneading", "swell_hz": 0.08},
        {"technique": "stroke"},
        {"presses": 3},
    ],
)
def test_what_the_loader_refuses_does_not_fit(keys: dict[str, Any]) -> None:
    assert not CHECK.is_valid(with_phase(**keys))


def test_every_technique_is_a_branch_with_a_word_about_every_key() -> None:
    branches = schema()["$defs"]
    for technique, model in TECHNIQUES.items():
        properties = branches[model.__name__]["properties"]
        assert properties["technique"]["const"] == technique
        assert [k for k, v in properties.items() if not v.get("description")] == ["technique"]


def test_zones_are_written_out_once() -> None:
    assert schema()["$defs"]["zone"]["enum"] == [zone.id for zone in ZONES]
    assert json.dumps(schema()).count('"paraspinal_lumbar"') == 1


def test_toml_knows_no_null() -> None:
    assert "null" not in json.dumps(schema())


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "profiles", "schema")
    assert (said.code, json.loads(said.out)) == (0, schema())
