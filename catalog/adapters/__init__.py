"""Rows of data and words of the world come through here; each module names its technology."""
