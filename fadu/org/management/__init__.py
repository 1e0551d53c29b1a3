"""Commands of the floor of organs and people."""
