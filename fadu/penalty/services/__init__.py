"""The acts on penalty cases that do more than move: one module per part of the procedure."""

from fadu.penalty.services.clues import register_clue

__all__ = ["register_clue"]
