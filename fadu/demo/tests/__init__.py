"""Part of the demo city."""
