"""Commands of the list of powers."""
