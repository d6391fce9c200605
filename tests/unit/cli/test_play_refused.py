"""`devicehub play` refuses what can be known before a massager is looked for."""

from pathlib import Path

import pytest

from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety.limits import load
from devicehub.safety.past import NOTHING_YET
from devicehub.safety.screening import questions
from tests.unit.cli.shell import Said, here

CAPE = ("--device", "sim:reference-cape")
FAR = ("--device", "Somewhere", "--air", "unix:/nowhere")
RULES_HEAT_OUT = "reduced_sensation_neuropathy_diabetes"


@pytest.fixture
def ann(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of somebody whose ledger begins anew."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with Ledger.open() as ledger:
        ledger.add("Ann")
    screened()
    return "Ann"


def screened(**but: str) -> None:
    with Ledger.open() as ledger:
        ledger.screen("Ann", {each.id: "no" for each in questions(load())} | but, clock.now())


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    said = here(capsys, "play", "taster", *words)
    assert "connecting" not in said.out
    return said


def test_heat_that_the_answers_rule_out_is_refused(
    ann: str, capsys: pytest.CaptureFixture[str]
) -> None:
    screened(**{RULES_HEAT_OUT: "yes"})
    said = refused(capsys, *FAR, "--person", ann, "--heat")
    assert (said.code, "Ann: the answers rule heat out; leave --heat out" in said.err) == (4, True)


def test_a_wait_is_told_before_anything_is_looked_for(
    ann: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open() as ledger:
        session = ledger.begin(ann, clock.now())
        ledger.discomfort(ann, severe=True, now=clock.now())
        ledger.end(session, NOTHING_YET.exposure, clock.now())
    said = refused(capsys, *FAR, "--person", ann)
    assert (said.code, "It hurt: the next session in" in said.err) == (4, True)


@pytest.mark.parametrize(
    ("zone", "code", "why"),
    [("romboid", 2, "did you mean rhomboid?"), ("abdomen", 4, "may not be used there")],
)
def test_a_zone_that_nothing_may_play_is_refused_before_connecting(
    zone: str, code: int, why: str, ann: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, *FAR, "--person", ann, "--zone", zone)
    assert (said.code, why in said.err) == (code, True)
