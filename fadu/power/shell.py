"""What the list of powers adds to pages below it."""
