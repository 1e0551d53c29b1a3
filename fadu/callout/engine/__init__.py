"""The engine: set-based statements, the loop that runs them, and its clock."""
