"""Acts on lists of powers: load what ships with the program, draft, examine, publish."""

from fadu.power.services.content import load_content
from fadu.power.services.publishing import (
    add_item,
    change_item,
    change_list,
    drafted,
    publish,
    remove_item,
    review,
    send_back,
)

__all__ = [
    "add_item",
    "change_item",
    "change_list",
    "drafted",
    "load_content",
    "publish",
    "remove_item",
    "review",
    "send_back",
]
