"""Text: what a person reads or hears, in English and, where somebody wrote it, in Russian."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Language = Literal["en", "ru"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

A_PAGE = 2000
"""The letters of a text whose field sets no limit of its own."""


class Text(str):
    """A text that knows its translations. As a string it is its English, which it always has.

    Two texts are equal when their English is.
    """

    __slots__ = ("_ru",)
    _ru: str

    def __new__(cls, en: str, ru: str = "") -> Self:
        """Return a text; without `ru` it is English in every language."""
        text = super().__new__(cls, en)
        text._ru = ru
        return text

    def in_(self, language: Language) -> str:
        """Return it in a language, in English where nobody translated it."""
        return self._ru if language == "ru" and self._ru else str(self)

    @property
    def by_language(self) -> dict[Language, str]:
        """Return every language in which it was written."""
        return {"en": str(self), "ru": self._ru} if self._ru else {"en": str(self)}

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read it as in a file; `Longest` says how long it may be."""
        return Longest(A_PAGE, least=0).__get_pydantic_core_schema__(source, handler)


@dataclass(frozen=True, slots=True)
class Longest:
    """How a `Text` stands in a file: ``"..."``, or a table ``{ en = "...", ru = "..." }``.

    Attributes:
        letters: The most that it may have, in each language.
        least: The least; 0 where none at all is fine too.
    """

    letters: int
    least: int = 1

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read both ways of writing; mistakes in a table stand at its own keys."""
        del source, handler
        written = core_schema.str_schema(
            strict=True, min_length=self.least, max_length=self.letters
        )
        table = core_schema.typed_dict_schema(
            {
                language: core_schema.typed_dict_field(written, required=language == "en")
                for language in LANGUAGES
            },
            extra_behavior="forbid",
            strict=True,
        )
        return core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(_as_table),
                table,
                core_schema.no_info_plain_validator_function(_as_text),
            ],
            serialization=core_schema.plain_serializer_function_ser_schema(
                _written, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both ways of writing for editors."""
        del schema, handler
        text: JsonSchemaValue = {
            "type": "string",
            "minLength": self.least,
            "maxLength": self.letters,
        }
        table: JsonSchemaValue = {
            "type": "object",
            "properties": dict.fromkeys(LANGUAGES, text),
            "required": ["en"],
            "additionalProperties": False,
        }
        return {"anyOf": [text, table]}


def _as_table(value: object) -> object:
    match value:
        case Text():
            return value.by_language
        case str():
            return {"en": value}
        case _:
            return value


def _as_text(table: object) -> Text:
    return Text(**cast("Mapping[str, str]", table))


def _written(text: Text) -> str | dict[Language, str]:
    """Write it as a person would: as a table only where there is a second language."""
    return text.by_language if len(text.by_language) > 1 else str(text)
