"""A massager made from a file of its user's own: for trying out, never evidence.

It obeys what the file says and nothing else, so that it agrees with the hub on that file proves
only that both read it alike. The files, and the language of their frames, are described in
`docs/massager-files.md`; this reader of them is written from there and shares no code with the hub.
"""
