"""The canonical schema of the source: every table, every column, and what each one may become."""
