"""The contract's documents: no drift, and what others take for AsyncAPI 3 and JSON Schema."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from devicehub.publish import asyncapi
from devicehub.publish.commands import IN
from devicehub.publish.topics import COMMANDS, OUT
from devicehub.publish.wire import OUT as PAYLOADS
from tests.shipped import ROOT


def kept(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))


def faults(document: dict[str, Any]) -> list[str]:
    """Return what AsyncAPI's own schema has against a document."""
    text = (ROOT / "tests" / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8")
    official: Any = Draft7Validator(json.loads(text))
    return [error.message for error in official.iter_errors(document)]


@pytest.mark.parametrize(
    ("name", "made"),
    [(asyncapi.DOCUMENT, asyncapi.document), (asyncapi.SCHEMA, asyncapi.schemas)],
)
def test_a_document_says_what_the_code_does(name: str, made: Any) -> None:
    """`python -m devicehub.publish.asyncapi docs` mends this."""
    assert kept(name) == json.loads(json.dumps(made()))


@pytest.mark.exhaustive
def test_the_document_is_asyncapi_3() -> None:
    assert faults(kept(asyncapi.DOCUMENT)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", ["info", "asyncapi"])
def test_what_is_no_asyncapi_3_is_found(part: str) -> None:
    broken = {key: value for key, value in kept(asyncapi.DOCUMENT).items() if key != part}
    assert faults(broken) != []


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(kept(asyncapi.SCHEMA))


def test_every_topic_has_its_payload() -> None:
    assert OUT.keys() == PAYLOADS.keys()
    assert COMMANDS.keys() == IN.keys()


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = kept(asyncapi.DOCUMENT)
    references = {part.split('"')[0] for part in json.dumps(document).split('"$ref": "')[1:]}
    for reference in references:
        here: Any = document
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]


def test_the_page_names_every_topic_and_command() -> None:
    page = (ROOT / "docs" / "mqtt.md").read_text(encoding="utf-8")
    named = [channel.path for channel in (*OUT.values(), *COMMANDS.values())]
    missing = [
        path for path in named if f"`{path.format(device='<d>', severity='<s>')}`" not in page
    ]
    assert missing == []
