"""Exchange: scores as files of other people's tools, and such files as profiles. Pure."""
