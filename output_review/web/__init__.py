"""The checker's room as pages: requests, reviews, releases."""
