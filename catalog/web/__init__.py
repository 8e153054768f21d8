"""The steward's room on the portal: the catalogue, which anybody may look through."""
