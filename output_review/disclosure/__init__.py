"""Automatic checks: (table, policy) -> findings. Pure."""
