"""Words that we do not use, and traces that we do not leave."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.shipped import ROOT, name, text

# Claims about health have no place in wellness software. Stems, whole words, any case.
CLAIMS = re.compile(
    r"""\b(
        cure[sd]?|curing|curative
        |treat(s|ed|ing|ment|ments)?|heal(s|ed|ing)?|therap(y|ies|eutic|ist|ists)
        |diagnos\w*|prevents?\ disease|medicinal
        |blood\ pressure|heart\ muscle|lymph\w*|toxins?|detox\w*|cellulite|fat\ loss
        |kidneys?|liver|bladder|intestin\w*|genitourinary
        |pinched\ nerves?|spinal\ discs?|herniat\w*|hernia|osteochondrosis
        |headaches?|dizziness|asthma|posture\ correction|endorphins?
        |proven\ for\ centuries|pain\ relief|relieves?
        |(blood|better|improved?)\ circulation|blood\ flow|alleviat\w*|rehabilitat\w*|inflammation
        |spasms?|insomnia|anxiety|immun\w*|metabolism|slimming|rejuvenat\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

# The same in Russian, by stems: its words bend at the end.
CLAIMS_RU = re.compile(
    r"""\b(
        л[её]ч(ит|ат|ен|ащ)\w*|вылеч\w*|излеч\w*|исцел\w*|терап\w*|целебн\w*|лекарств\w*
        |диагно\w*|профилакти\w*|медицинск\w*
        |кровян\w*\ давлени\w*|кровообращени\w*|лимф\w*|токсин\w*|шлак\w*|целлюлит\w*
        |почк\w*|почек|печен(ь|и)|мочев\w*|кишечник\w*
        |защемл\w*|грыж\w*|остеохондроз\w*|отложени\w*\ сол\w*
        |головн\w*\ бол\w*|головокружени\w*|астм\w*|эндорфин\w*|исправ\w*\ осанк\w*
        |кровоток\w*|оздоров\w*|лечеб\w*|реабилит\w*|воспален\w*|спазм\w*|бессонниц\w*
        |тревожност\w*|иммун\w*|обмен\w*\ веществ|похуде\w*|омолож\w*
        |проверен\w*\ веками|(снима|облегча|избавля)\w*\ (от\ )?бол\w*|обезбол\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

# Files whose business is to name what rules a session out, or to quote titles of sources.
QUOTES = {"devicehub/safety/zones.json"}

# A site may be called home, in topics.
MACHINE = re.compile(r"((?<!/v1)/home/|/root\b|/work/|/Users/|C:\\\\Users|localhost:\d)")
VOCABULARY = re.compile(r"^class \w*(Manager|Handler|Helper|Utils?|Data|Info|Impl)\b", re.MULTILINE)


def found_in(files: Iterable[Path], pattern: re.Pattern[str]) -> list[str]:
    """Return ``file:line: word`` for each place where the pattern is found."""
    return [
        f"{name(file)}:{said.count(chr(10), 0, found.start()) + 1}: {found.group()}"
        for file in files
        for said in [file.read_text(encoding="utf-8")]
        for found in pattern.finditer(said)
    ]


@pytest.mark.parametrize("claims", [CLAIMS, CLAIMS_RU], ids=["en", "ru"])
def test_no_text_makes_a_claim_about_health(claims: re.Pattern[str]) -> None:
    assert found_in((f for f in text() if name(f) not in QUOTES), claims) == []


def test_the_list_of_words_finds_a_claim() -> None:
    assert CLAIMS.search("It Heals headaches.")
    assert CLAIMS.search("Better circulation, fewer spasms.")
    assert not CLAIMS.search("secure, treatise, healthy")
    assert CLAIMS_RU.search("Снимает боль и лечит.")
    assert CLAIMS_RU.search("Оздоровительный массаж улучшает кровоток.")
    assert not CLAIMS_RU.search("увлечение, здоровье, напечатано")


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    assert found_in((f for f in text() if f.suffix != ".json"), MACHINE) == []


def test_no_class_has_a_name_that_says_nothing() -> None:
    assert found_in((f for f in text() if f.suffix == ".py"), VOCABULARY) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_hashes_and_no_index(lock: str) -> None:
    said = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in said
    assert "--index" not in said
    assert "--hash=sha256:" in said
