"""Sessions to draw: a snapshot, a summary, and the layouts of the bundled massagers."""

from typing import Literal

from devicehub.massagers.library import load_library
from devicehub.messages import (
    ActuatorView,
    DeviceEnd,
    DeviceView,
    EndReason,
    HeatView,
    HeldBack,
    SessionState,
    Snapshot,
    Summary,
    ZoneFelt,
)

LAYOUTS = {model: massager.layout for model, massager in load_library().items()}


def snapshot(
    model: str = "reference-cape",
    *,
    state: SessionState = SessionState.PLAYING,
    remaining_s: float = 233.0,
    link: Literal["connected", "returning", "lost"] = "connected",
    cue: str = "Let the shoulders drop.",
    held_by: str | None = None,
) -> Snapshot:
    motor = ActuatorView(asked=0.5, sent=0.25, cap=0.6, held_by=held_by)
    device = DeviceView(
        f"sim:{model}",
        model,
        link,
        True,
        83,
        (motor,) * len(LAYOUTS[model].places),
        HeatView(asked=True, on=True, celsius=38.5, why_off="")
        if model == "reference-cape"
        else None,
    )
    return Snapshot(
        state=state,
        title="Whole back",
        elapsed_s=12.0,
        remaining_s=remaining_s,
        passage=1,
        passages=5,
        technique="kneading",
        zones=("rhomboid", "trapezius_upper"),
        cue=cue,
        ceiling=0.8,
        presence_left_s=None,
        devices=(device,),
    )


def summary(*, reason: EndReason = EndReason.COMPLETED, confirmed: bool = True) -> Summary:
    return Summary(
        reason=reason,
        detail="key" if reason is EndReason.STOPPED else "",
        title="Taster",
        played_s=90.0,
        felt=(ZoneFelt("trapezius_upper", 0.45, 40.2), ZoneFelt("rhomboid", 0.5, 33.0)),
        held_back=(
            HeldBack("zone", "spine_thoracic", 12.2),
            HeldBack("zone", "spine_lumbar", 10.0),
            HeldBack("ramp", "rhomboid", 0.2),
        ),
        devices=(DeviceEnd("sim:reference-cape", "reference-cape", confirmed, 12.3),),
    )
