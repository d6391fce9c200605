"""The handbook: what a person can look up about a massage, in packaged files of data."""
