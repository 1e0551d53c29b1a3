"""The entries of the callout in the navigation."""
