"""Commands of the procedure floor."""
