"""Registers the subjects of supervision with Django."""

from django.apps import AppConfig


class SubjectConfig(AppConfig):
    """监管对象"""

    name = "fadu.subject"
    label = "subject"
    verbose_name = "监管对象"

    def ready(self) -> None:
        """Put the pages into the shell."""
        from fadu.subject import shell  # noqa: F401
