"""ESPHome Bluetooth proxies: adapters in other rooms, reached over the network.

Behind bleak's `backend=` like every other air. Needs the extra `proxy`; nothing in here is imported
before somebody has set a proxy.
"""
