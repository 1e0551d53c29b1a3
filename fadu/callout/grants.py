"""What the application's role may do with the events of calls: read and append, as with the record."""

APPEND_ONLY: dict[str, tuple[str, ...]] = {"callout_callevent": ("SELECT", "INSERT")}
