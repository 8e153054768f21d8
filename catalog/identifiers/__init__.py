"""Recognisers of identifiers: pure text matching, used by scrubbing and by the output checks."""
