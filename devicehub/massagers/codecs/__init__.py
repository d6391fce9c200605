"""Codecs of families that no template can say. Import its modules: this one stays empty."""
