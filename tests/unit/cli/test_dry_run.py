"""`play --dry-run` shows what this person would get, and touches nothing."""

import json
from pathlib import Path

import pytest

from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import person_lock
from devicehub.safety.limits import load
from devicehub.safety.past import Exposure
from devicehub.safety.screening import questions
from tests.unit.cli.shell import Said, here

CAPE = ("play", "taster", "--device", "sim:reference-cape", "--dry-run", "--json")
RULES_HEAT_OUT = "reduced_sensation_neuropathy_diabetes"
OWN = "[zones.rhomboid.surface_vibration]\nmax_intensity = 0.1\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def know_ann(but: str | None = None, *, ceiling: float = 1.0, table: str | None = None) -> None:
    given = {each.id: "yes" if each.id == but else "no" for each in questions(load())}
    with Ledger.open() as ledger:
        ledger.add("Ann", ceiling, None, table)
        ledger.screen("Ann", given, clock.now())


def zones(said: Said) -> dict[str, tuple[float, float]]:
    """Return cap and highest delivered level by zone."""
    assert said.code == 0, said.err
    return {row["zone"]: (row["cap"], row["delivered"]) for row in json.loads(said.out)["zones"]}


def every_file(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.exhaustive
def test_the_user_s_own_table_counts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config/devicehub").mkdir(parents=True)
    (home / "config/devicehub/limits.toml").write_text(OWN)
    cap, delivered = zones(here(capsys, *CAPE))["rhomboid"]
    assert cap == 0.1
    assert delivered <= 0.1


@pytest.mark.exhaustive
def test_a_person_s_own_table_counts(capsys: pytest.CaptureFixture[str]) -> None:
    know_ann(table=OWN)
    # Half of it, for Ann is new to it.
    assert zones(here(capsys, *CAPE, "--person", "Ann"))["rhomboid"][0] == 0.05


@pytest.mark.exhaustive
def test_a_person_s_ceiling_counts(capsys: pytest.CaptureFixture[str]) -> None:
    know_ann(ceiling=0.2)
    shown = zones(here(capsys, *CAPE, "--person", "Ann"))
    assert max(delivered for _, delivered in shown.values()) <= 0.2


def test_a_person_s_answers_count(capsys: pytest.CaptureFixture[str]) -> None:
    know_ann(RULES_HEAT_OUT)
    whole = zones(here(capsys, *CAPE))
    for zone, (cap, _) in zones(here(capsys, *CAPE, "--person", "Ann")).items():
        assert cap == pytest.approx(whole[zone][0] / 2, abs=0.01)


def test_it_is_refused_as_play_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    know_ann(RULES_HEAT_OUT)
    said = here(capsys, *CAPE, "--person", "Ann", "--heat")
    assert (said.code, said.out.strip(), "rule heat out" in said.err) == (4, "", True)
    assert here(capsys, *CAPE, "--person", "Bob").code == 4


@pytest.mark.exhaustive
def test_it_writes_nothing_and_waits_for_no_session(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here(capsys, *CAPE, "--person", "Ann").code == 4
    assert every_file(home) == {}
    know_ann()
    before = every_file(home)
    zones(here(capsys, *CAPE, "--person", "Ann"))
    assert every_file(home) == before
    with Ledger.open() as open_meanwhile, person_lock("Ann"):
        open_meanwhile.discomfort("Ann", severe=False, now=clock.now())
        before = every_file(home)
        zones(here(capsys, *CAPE, "--person", "Ann"))
        assert every_file(home).keys() == before.keys()


@pytest.mark.exhaustive
def test_heat_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    know_ann()
    words = (*CAPE[:-1], "--person", "Ann", "--heat")
    assert "  heat: on\n" in here(capsys, *words).out
    with Ledger.open() as ledger:
        session = ledger.begin("Ann", clock.now())
        ledger.end(session, Exposure({}, heat_s=60.0), clock.now())
    rests = "  heat: refused because it rests for 20 min after every time on\n"
    assert rests in here(capsys, *words).out
    assert "heat" not in here(capsys, *words[:-1]).out


def test_a_damaged_ledger_refuses_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    know_ann()
    (kept,) = (home / "state").rglob("ledger.sqlite")
    kept.write_bytes(b"nothing of a ledger")
    said = here(capsys, *CAPE, "--person", "Ann")
    assert (said.code, "doctor --new-ledger" in said.err) == (4, True)
