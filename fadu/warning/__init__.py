"""Weather warnings and their call-out: what comes in as CAP, and (on top of it) who has to be reached."""
