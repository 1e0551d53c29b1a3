"""What tells people, and what carries it out of the house."""

from fadu.reminder.services.sending import send
from fadu.reminder.services.telling import read, read_all, settle, tell

__all__ = ["read", "read_all", "send", "settle", "tell"]
