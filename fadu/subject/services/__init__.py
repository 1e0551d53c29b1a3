"""What changes subjects of supervision."""

from fadu.subject.services.content import load_content
from fadu.subject.services.keep import ContactEntry, register, update

__all__ = ["ContactEntry", "load_content", "register", "update"]
