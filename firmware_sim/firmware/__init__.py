"""The device's side of every simulated massager's protocol, one file a family. Pure.

Each is written from the protocol's published facts alone and shares no code with the hub, so that
codec, firmware and golden vectors agree independently or not at all.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from firmware_sim.firmware.bhaptics_x40 import BhapticsX40
from firmware_sim.firmware.lovense_domi import LovenseDomi
from firmware_sim.firmware.reference_cape import ReferenceCape
from firmware_sim.gatt import Firmware

REGISTRY: Mapping[str, Callable[[], Firmware]] = MappingProxyType(
    {
        "reference-cape": ReferenceCape,
        "bhaptics-x40": BhapticsX40,
        "lovense-domi": LovenseDomi,
    }
)
"""Model name to a factory that switches a new device on."""
