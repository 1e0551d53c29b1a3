"""Registers the callout with Django."""

from django.apps import AppConfig


class CalloutConfig(AppConfig):
    """叫应"""

    name = "fadu.callout"
    label = "callout"
    verbose_name = "叫应"

    def ready(self) -> None:
        """Put the pages into the shell."""
        from fadu.callout import shell  # noqa: F401
