"""Pages of the subjects of supervision: the register, and the import of a ledger."""
