"""A mistake in the settings is told in a line by what goes on without them."""

from pathlib import Path

import pytest

from devicehub.cli import own


def test_a_mistake_in_the_settings_is_one_line_with_the_nearest_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own.tell_wrong_settings()
    assert capsys.readouterr().err == ""
    settings = tmp_path / "devicehub" / "config.toml"
    settings.parent.mkdir()
    settings.write_text('langauge = "ru"\nceiling = 7\n')
    own.tell_wrong_settings()
    said = capsys.readouterr().err
    assert said.startswith(f"warning: {settings}: ")
    assert said.endswith(" (and 1 more: devicehub config check)\n")
    settings.write_text('langauge = "ru"\n')
    own.tell_wrong_settings()
    assert capsys.readouterr().err == (
        f"warning: {settings}: langauge: there is no such key; did you mean language?\n"
    )
