"""The pages of the warnings: those that were taken in, and what was refused."""
