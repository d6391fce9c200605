"""Nameless: what is told outside has no names of people and no radio addresses in it."""

import re

SOMEBODY, ADDRESS = "the person", "its address"

# A Bluetooth address, or what macOS gives instead of one.
_ADDRESS = re.compile(
    r"\b(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    re.IGNORECASE,
)


class Nameless:
    """Takes out of sentences what nobody outside is to learn."""

    def __init__(self) -> None:
        self._people: dict[str, re.Pattern[str]] = {}

    def learn(self, person: str | None) -> None:
        """Take the name of this person out from here on."""
        if person and person not in self._people:
            words = re.escape(person.strip())
            self._people[person] = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """Return `text` without names and addresses."""
        for name in self._people.values():
            text = name.sub(SOMEBODY, text)
        return _ADDRESS.sub(ADDRESS, text)
