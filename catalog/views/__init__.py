"""Views: the files stewards write, the SQL they may contain, and where every column comes from."""
