"""The opening words that some massagers need after connecting, said step by step.

Written per step in the massager's file (`[[connect]]`): write something, wait for an answer, try
again. Nothing here can move a motor: the whitelist of the file's connect frames says so.
"""

from bleak import BleakClient

from devicehub.massagers.model import Massager


async def run_connect_script(massager: Massager, client: BleakClient) -> None:
    """Say the opening words of `massager` to the connected `client`."""
