"""What a reader may say of an upload, code by code, and the words in which people are told."""
