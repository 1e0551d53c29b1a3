"""Commands of the callout."""
