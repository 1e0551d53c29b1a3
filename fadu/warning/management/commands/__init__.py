"""``cap-validate``."""
