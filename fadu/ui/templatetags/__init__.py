"""Template tags of the house, loaded into every template."""
