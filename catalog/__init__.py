"""The data steward's room: sources, views, permits, extracts."""
