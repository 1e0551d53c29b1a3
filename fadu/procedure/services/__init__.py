"""The acts on matters; ``take`` is the one door through which state changes."""

from fadu.procedure.services.applications import cosign, opine, submit, withdraw
from fadu.procedure.services.content import load_content
from fadu.procedure.services.matters import comment, open_matter
from fadu.procedure.services.take import take

__all__ = ["comment", "cosign", "load_content", "open_matter", "opine", "submit", "take", "withdraw"]
