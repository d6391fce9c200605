"""The faults' words, and when each strikes."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.faults import Fault, FaultError, parse, schedule
from firmware_sim.gatt import Upset


class Recorder:
    """A fallible massager that only remembers what was done to it, and when."""

    def __init__(self) -> None:
        self.done: list[tuple[float, str]] = []
        self._now_s = 0.0
        self._planned: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay_s: float, act: Callable[[], None]) -> None:
        self._planned.append((delay_s, act))

    def live(self) -> list[tuple[float, str]]:
        for at_s, act in self._planned:
            self._now_s = at_s
            act()
        return self.done

    def _note(self, what: str) -> None:
        self.done.append((self._now_s, what))

    def go_out_of_range(self) -> None:
        self._note("out of range")

    def come_back(self) -> None:
        self._note("back")

    def power_off(self) -> None:
        self._note("off")

    def power_on(self) -> None:
        self._note("on")

    def refuse(self, writes: int) -> None:
        self._note(f"refuse {writes}")

    def hang(self) -> None:
        self._note("hang")

    def recover(self) -> None:
        self._note("recover")

    def upset(self, fault: Upset, *, begins: bool) -> None:
        self._note(fault if begins else f"no {fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop@30", Fault("drop", 30.0)),
        ("drop@30+0.5", Fault("drop", 30.0, 0.5)),
        ("reboot@1.25", Fault("reboot", 1.25)),
        ("reboot@1+3", Fault("reboot", 1.0, 3.0)),
        ("refuse@0", Fault("refuse", 0.0)),
        ("refuse@10*3", Fault("refuse", 10.0, times=3)),
        ("hang@2", Fault("hang", 2.0)),
        ("hang@2+40", Fault("hang", 2.0, 40.0)),
        ("stray@3", Fault("stray", 3.0)),
        ("blind@1+9", Fault("blind", 1.0, 9.0)),
        ("stuck@1", Fault("stuck", 1.0)),
        ("overheat@1", Fault("overheat", 1.0)),
        ("jam@2+3", Fault("jam", 2.0, 3.0)),
        ("weak@2", Fault("weak", 2.0)),
        ("drained@2+3", Fault("drained", 2.0, 3.0)),
    ],
)
def test_a_fault_is_read(text: str, fault: Fault) -> None:
    assert parse(text) == fault


@pytest.mark.parametrize(
    "text",
    ["", "drop", "drop@", "drop@x", "drop@-1", "drop@1*2", "refuse@1+2", "refuse@1*0", "burn@1",
     "drop@1+", "drop@1 ", "DROP@1", "drop@nan", "drop@1e3", "hang@1+2+3"],
)  # fmt: skip
def test_a_misspelt_fault_is_named_with_what_would_be_right(text: str) -> None:
    with pytest.raises(FaultError) as mistake:
        parse(text)
    assert repr(text) in str(mistake.value)
    assert "drop@T" in str(mistake.value)
    assert "\n" not in str(mistake.value)


@given(text=st.text(max_size=20))
def test_any_text_is_a_fault_or_a_fault_error(text: str) -> None:
    try:
        parse(text)
    except FaultError:
        return


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("drop@30", [(30.0, "out of range")]),
        ("drop@30+5", [(30.0, "out of range"), (35.0, "back")]),
        ("reboot@4", [(4.0, "off"), (5.0, "on")]),
        ("reboot@4+3", [(4.0, "off"), (7.0, "on")]),
        ("refuse@1*3", [(1.0, "refuse 3")]),
        ("hang@1", [(1.0, "hang")]),
        ("hang@1+2", [(1.0, "hang"), (3.0, "recover")]),
        ("stray@1", [(1.0, "stray")]),
        ("blind@1+2", [(1.0, "blind"), (3.0, "no blind")]),
    ],
)
def test_a_fault_strikes_at_its_time_and_ends_at_its_time(
    text: str, acts: list[tuple[float, str]]
) -> None:
    massager = Recorder()
    schedule([parse(text)], massager, massager.call_later)
    assert massager.live() == acts
