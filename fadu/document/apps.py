"""Registers enforcement papers with Django."""

from django.apps import AppConfig


class DocumentConfig(AppConfig):
    """执法文书"""

    name = "fadu.document"
    label = "document"
    verbose_name = "执法文书"

    def ready(self) -> None:
        """Let ``manage.py check`` say when no font is found, and tell the vault which bytes papers need."""
        from fadu.document import checks, queries  # noqa: F401
        from fadu.record import references

        references.register_source(queries.paper_references)
