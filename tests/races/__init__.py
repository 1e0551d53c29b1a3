"""Two persons, one moment."""
