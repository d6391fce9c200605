"""The air of a command: Bluetooth here, and proxies where the settings name some."""

import sys
from pathlib import Path

import pytest

from devicehub.cli.air import check_proxies, open_air
from devicehub.errors import HubError, RadioError, UsageError
from devicehub.radio.air import BLUETOOTH

MISSING = (
    "proxies are set (hall) and aioesphomeapi is not installed: pip install 'devicehub[proxy]'"
)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text('[proxies.hall]\nhost = "127.0.0.1"\nport = 9\n')
    return file


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.toml"
    file.write_text("[proxies.hall]\nport = 6053\n")
    return file


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if only `pip install devicehub` had been asked for."""
    for name in [one for one in sys.modules if one.startswith("devicehub.radio.proxies")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aioesphomeapi", None)


async def refused(file: Path) -> HubError:
    with pytest.raises(HubError) as error:
        async with open_air(None, file):
            pass
    return error.value


async def stopped_over(file: Path) -> object:
    async with open_air(None, file, whatever=True) as air:
        return air


async def test_without_proxies_it_is_bluetooth_here() -> None:
    async with open_air(None) as air:
        assert air is BLUETOOTH


@pytest.mark.usefixtures("without_the_extra")
async def test_proxies_without_their_extra_are_told_with_what_to_install(hall: Path) -> None:
    error = await refused(hall)
    assert (type(error), str(error)) == (RadioError, MISSING)


@pytest.mark.usefixtures("without_the_extra")
async def test_a_stop_goes_on_without_the_extra(
    hall: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await stopped_over(hall) is BLUETOOTH
    assert capsys.readouterr().err == f"devicehub: no proxies: {MISSING}\n"


@pytest.mark.usefixtures("without_the_extra")
def test_a_session_is_refused_before_it_begins_where_its_proxies_cannot_be_had(
    hall: Path, wrong: Path
) -> None:
    with pytest.raises(RadioError, match="aioesphomeapi is not installed"):
        check_proxies(hall)
    with pytest.raises(UsageError, match="host is missing"):
        check_proxies(wrong)


async def test_a_stop_goes_on_where_the_settings_are_wrong(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type(await refused(wrong)) is UsageError
    assert await stopped_over(wrong) is BLUETOOTH
    assert "proxies.hall.host is missing" in capsys.readouterr().err
