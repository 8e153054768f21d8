"""Names of ours in the SQL that runs: where the tables of the source stand, and their pseudonyms."""

SOURCE = "source"
"""The database schema in which the canonical tables stand when a view runs."""
PSEUDONYM = "pseudonym"
"""The transform, the schema that holds a table of pseudonyms by entity, and the column in each."""
SOURCE_KEY = "source_key"
"""The column of a pseudonym table that holds the key of the source."""
