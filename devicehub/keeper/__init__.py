"""The second process, which owns the links, and the hub's end of the pipe to it."""
