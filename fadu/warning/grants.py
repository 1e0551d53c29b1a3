"""What the application's role may do with what was refused: file it, count it and look at it, and nothing else."""

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "warning_refusal": ("SELECT", "INSERT", "UPDATE (seen, last_at, looked_at, looked_by_id, note)")
}
