"""Commands of the subject floor."""
