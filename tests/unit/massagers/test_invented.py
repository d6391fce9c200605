"""Twenty massagers that nobody sells: together they use every word of the language."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel

from devicehub.massagers import stopbook
from devicehub.massagers.checksum import CHECKSUMS
from devicehub.massagers.family import check_vectors
from devicehub.massagers.identify import identify
from devicehub.massagers.library import load_file, load_library
from devicehub.massagers.overlap import overlap
from devicehub.massagers.schema import MassagerFile
from tests.every import every
from tests.unit.massagers.test_whitelist import INVENTED

PATHS = sorted(INVENTED.glob("*.toml"))
MOST_LINES = 40
WORDS = (
    "{0}", "{0 x4}", "{all}", "{all x2}", "{nibbles}", "{nibbles 0 1}", "{on 0 FF}", "{bits 1 0}",
    "{counter}", "{xor 1}", "{c}", "{half_c}", "{battery}", "{pin}", "{index}", "{level}", "00*",
    "??", "...", "text ", "@",
)  # fmt: skip

every_file = every(PATHS, lambda path: path.stem)


def test_there_are_twenty() -> None:
    assert len(PATHS) == 20


@every_file
def test_each_is_short_and_keeps_its_vectors(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= MOST_LINES
    family = load_file(path)
    assert family.vectors
    check_vectors(family)


@every_file
def test_the_stop_book_reads_each(path: Path) -> None:
    entries = {entry.model: entry for entry in stopbook.entries_of(path.read_text("utf-8"))}
    for model, massager in load_file(path).massagers.items():
        entry = entries[model]
        assert entry.identify == massager.identify
        assert entry.baud == massager.baud
        ready = [(w.char, w.data, w.response) for stop in massager.stops for w in stop.writes]
        assert list(entry.writes) == ready


@every_file
def test_none_could_be_taken_for_a_massager_that_is_sold(path: Path) -> None:
    for massager in load_file(path).massagers.values():
        assert not any(overlap(massager.identify, one.identify) for one in load_library().values())


def test_an_advertisement_tells_two_models_of_one_family_apart() -> None:
    family = load_file(INVENTED / "two-models.toml").massagers
    found = identify(family, "Two 5", ("0000fff7-0000-1000-8000-00805f9b34fb",), {7: b"\x02\x09"})
    assert found is family["two-large"]


# ------------------------------------------------------------------- every word of the language


def test_together_they_use_every_word_of_the_frame_language() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PATHS)
    assert [word for word in WORDS if word not in text] == []
    assert [name for name in CHECKSUMS if f"{{{name}" not in text] == []


def test_together_they_use_every_key_of_the_schema() -> None:
    used = {key for path in PATHS for key in _keys(tomllib.loads(path.read_text("utf-8")))}
    known = {
        field.alias or name
        for table in _tables(MassagerFile)
        for name, field in table.model_fields.items()
    }
    assert known - used == set()


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in cast("dict[str, Any]", value).items():
            yield key
            yield from _keys(inside)
    elif isinstance(value, list):
        for inside in cast("list[Any]", value):
            yield from _keys(inside)


def _tables(table: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield table
    for field in table.model_fields.values():
        for inside in _models_in(field.annotation):
            yield from _tables(inside)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inside in get_args(annotation):
        yield from _models_in(inside)
