"""Who sees what, and what the program does with input that no person would send."""
