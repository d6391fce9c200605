"""Words: phrases, zones and techniques in one language."""

from dataclasses import dataclass

from devicehub.i18n.catalogue import Table, table
from profiles.guiding.instruction import Phrase
from profiles.text import Language, Text


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language."""

    language: Language
    _table: Table

    @classmethod
    def of(cls, language: Language) -> "Words":
        """Return the words of a language."""
        return cls(language, table(language))

    def say(self, phrase: Phrase) -> str:
        """Return a phrase as a person says it; what the author wrote in their own words."""
        if phrase.text:
            return self.text(phrase.text)
        if phrase.key == "count":
            return self._table["counts"][str(phrase.number)]
        return self._table["phrases"][phrase.key].format(
            zone=self.zone(phrase.zone) if phrase.zone else "",
            within=self.within(phrase.zone) if phrase.zone else "",
            technique=self.technique(phrase.technique) if phrase.technique else "",
            side=self._table["sides"][phrase.side] if phrase.side else "",
            number=phrase.number,
            of=phrase.of,
            speed=self.centimetres(phrase.speed),
        )

    def text(self, written: str) -> str:
        """Return what an author wrote, in this language if they wrote it, else in English."""
        return written.in_(self.language) if isinstance(written, Text) else written

    def zone(self, zone_id: str) -> str:
        """Return the name of a zone, its id if it has none."""
        return self._table["zones"].get(zone_id, zone_id)

    def within(self, zone_id: str) -> str:
        """Return the name of a zone as it is written within a sentence."""
        name = self.zone(zone_id)
        return name[:1].lower() + name[1:]

    def technique(self, name: str) -> str:
        """Return the name of a technique, as it is written within a sentence."""
        return self._table["techniques"].get(name, name)

    def word(self, key: str, **values: object) -> str:
        """Return a word of the pictures."""
        return self._table["words"][key].format(**values)

    def centimetres(self, count: float) -> str:
        """Return a length in words that agree with its number, rounded to halves."""
        units, rounded = self._table["units"], max(0.5, round(count * 2.0) / 2.0)
        if rounded != int(rounded):
            return f"{rounded:g}".replace(".", units["decimal"]) + f" {units['cm_part']}"
        return f"{rounded:g} {units['cm_one' if rounded == 1.0 else 'cm_many']}"
