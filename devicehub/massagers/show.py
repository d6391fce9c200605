"""A massager as plain values, for ``devices show MODEL --json``."""

from typing import Any

from devicehub.massagers.model import HeatChannel, Massager


def describe(massager: Massager) -> dict[str, Any]:
    """Return the JSON object that describes a massager: a public contract.

    `stop` are the writes of the first ready-made stop; `x_cm` and `y_cm` are None for actuators
    without a place on the back, `zones` is empty for a handheld that nobody holds yet; `heat` is
    None for a massager without a heat pad.
    """
    actuators = [
        {
            "index": place.index,
            "kind": place.kind,
            "steps": steps,
            "zones": list(place.zones),
            "x_cm": place.x_cm,
            "y_cm": place.y_cm,
        }
        for place, steps in zip(massager.layout.places, massager.steps, strict=True)
    ]
    return {
        "model": massager.model,
        "family": massager.family,
        "class": massager.stimulus_class,
        "actuators": actuators,
        "stop": [
            {"char": write.char, "hex": write.data.hex(), "response": write.response}
            for write in massager.stops[0].writes
        ],
        "stops_on_disconnect": massager.stops_on_disconnect,
        "lease_s": massager.lease_s,
        "heat": _heat(massager.heat),
        "status": massager.status,
        "refused": massager.refused,
        "evidence": list(massager.evidence),
    }


def _heat(pad: HeatChannel | None) -> dict[str, Any] | None:
    return None if pad is None else {"max_c": pad.max_c, "sensor": pad.sensor}
