"""What a data steward does: take data in, put views forward, build extracts."""
