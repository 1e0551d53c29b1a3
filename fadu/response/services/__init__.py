"""Loading the rules, opening responses, what their steps write, and reminding of what is late."""

from fadu.response.services.content import load_content
from fadu.response.services.opening import hear, open_response
from fadu.response.services.reminding import remind_of_overdue

__all__ = ["hear", "load_content", "open_response", "remind_of_overdue"]
