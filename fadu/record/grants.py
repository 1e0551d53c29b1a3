"""What the application's role may do with the tables of the record; applied after the general grants."""

# seq, hashes and times of an entry are not among the columns it may fill: the database sets them
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "record_entry": ("SELECT", "INSERT (chain, body)"),
    "record_head": ("SELECT",),
    "record_evidencefile": ("SELECT", "INSERT"),
    "record_access": ("SELECT", "INSERT"),
    "record_seal": ("SELECT", "INSERT"),
    "record_sealedrange": ("SELECT", "INSERT"),
}
