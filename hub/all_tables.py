"""Every room's tables on the one ``MetaData``: importing this module is what makes it complete."""

from catalog.adapters import catalogue_tables, officer_tables, stale_tables
from catalog.adapters import tables as catalog_tables
from enclave.adapters import display_tables, workspace_tables
from enclave.adapters.tables import metadata
from output_review.adapters import tables as review_tables

__all__ = [
    "catalog_tables",
    "catalogue_tables",
    "display_tables",
    "metadata",
    "officer_tables",
    "review_tables",
    "stale_tables",
    "workspace_tables",
]
