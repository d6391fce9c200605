"""Links to massagers: scanning, connecting, writing, stopping."""
