"""The declared procedure of a response."""
