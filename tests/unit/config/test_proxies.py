"""Proxies in the settings: their keys are read, checked and never shown."""

from pathlib import Path

import pytest

from devicehub.config.places import default_path
from devicehub.config.proxies import Place, proxies
from devicehub.errors import UsageError
from tests.unit.cli.shell import here

KEY = "QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc="
SHORT = "c2hvcnQ="
VARIABLE = "DEVICEHUB_PROXIES__HALL__KEY"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[proxies.hall]\nhost = "hall.local"\n')
    return path


def test_nobody_has_proxies_who_names_none(tmp_path: Path) -> None:
    assert not default_path().exists()
    assert proxies() == ()
    others = tmp_path / "config.toml"
    others.write_text("ceiling = 7\n")  # wrong, and none of their business
    assert proxies(others) == ()


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        proxies(tmp_path / "none.toml")


def test_a_key_comes_from_the_environment_or_a_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert proxies(file) == (Place("hall", "hall.local", 6053),)
    with monkeypatch.context() as there:
        there.setenv(VARIABLE, KEY)
        assert proxies(file) == (Place("hall", "hall.local", 6053, KEY),)
    (tmp_path / "hall.key").write_text(f"{KEY}\n")
    file.write_text(
        f'[proxies.hall]\nhost = "10.0.0.7"\nport = 6054\nkey_file = "{tmp_path}/hall.key"'
    )
    assert proxies(file) == (Place("hall", "10.0.0.7", 6054, KEY),)


@pytest.mark.parametrize(
    ("content", "why"),
    [(SHORT, "holds no key; 32 bytes"), ("\xe4", "it is not text"), (None, "No such file")],
)
def test_a_file_without_a_key_is_told(
    content: str | None, why: str, file: Path, tmp_path: Path
) -> None:
    key = tmp_path / "hall.key"
    if content is not None:
        key.write_text(content)
    file.write_text(f'[proxies.hall]\nhost = "hall"\nkey_file = "{key}"')
    with pytest.raises(UsageError) as refused:
        proxies(file)
    assert str(refused.value).startswith(f"proxies.hall.key_file: {key}: {why}")
    assert SHORT not in str(refused.value)


def test_a_key_is_shown_nowhere(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    assert KEY not in repr(proxies(file))
    for words in (("show",), ("show", "--json"), ("check",)):
        said = here(capsys, "config", *words, "--config", str(file))
        assert (said.code, KEY in said.out + said.err) == (0, False)
    monkeypatch.setenv(VARIABLE, SHORT)
    said = here(capsys, "config", "check", "--config", str(file))
    assert (said.code, SHORT in said.out + said.err) == (2, False)
    assert "proxies.hall.key = ...: must be 32 bytes in base64" in said.err


def test_two_keys_for_one_proxy_are_a_mistake(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    file.write_text('[proxies.hall]\nhost = "hall"\nkey_file = "x"\n')
    said = here(capsys, "config", "check", "--config", str(file))
    assert (said.code, "a key was given as well; leave one of them out" in said.err) == (2, True)


IN_THE_WRONG_PLACE = {
    "table": f'[proxies]\nhall = "{KEY}"\n',
    "host": f'[proxies.hall]\nhost = "{KEY}"\n',
    "host, half marked": f'[proxies.hall]\nhost = "{"q" * 43}"\n',
    "port": f'[proxies.hall]\nhost = "hall"\nport = "{KEY}"\n',
    "file": f'[proxies.hall]\nhost = "hall"\nkey_file = "{KEY}"\n',
}


@pytest.mark.parametrize("content", IN_THE_WRONG_PLACE.values(), ids=IN_THE_WRONG_PLACE)
def test_a_key_in_the_wrong_place_is_stars_and_its_place_is_told(content: str, file: Path) -> None:
    file.write_text(content)
    with pytest.raises(UsageError) as refused:
        proxies(file)
    said = str(refused.value)
    assert (KEY in said, "q" * 20 in said, " = ***: must be " in said) == (False, False, True)
    assert said.endswith("put it into a file, and give proxies.hall.key_file")


def test_a_key_in_the_variable_of_a_table_is_stars(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVICEHUB_PROXIES__HALL", KEY)
    file.write_text("")
    with pytest.raises(UsageError) as refused:
        proxies(file)
    assert KEY not in str(refused.value)
    assert "proxies.hall = ***: must be a table; that looks like a key" in str(refused.value)
