"""Administrative penalty: clues, cases, the ordinary procedure."""
