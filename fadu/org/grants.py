"""What the application's role may do with the log of log-ins: read and append, as with the record."""

APPEND_ONLY: dict[str, tuple[str, ...]] = {"org_loginrecord": ("SELECT", "INSERT")}
