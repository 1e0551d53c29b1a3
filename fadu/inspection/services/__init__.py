"""The acts on visits that do more than move: one module per part."""

from fadu.inspection.services.content import load_content
from fadu.inspection.services.planning import plan_visit
from fadu.inspection.services.submissions import answered, arrive

__all__ = ["answered", "arrive", "load_content", "plan_visit"]
