"""Commands of the floor of reminders."""
