"""Registers the floor of warnings with Django."""

from django.apps import AppConfig


class WarningConfig(AppConfig):
    """预警"""

    name = "fadu.warning"
    label = "warning"
    verbose_name = "预警"

    def ready(self) -> None:
        """Put the pages into the shell."""
        from fadu.warning import shell  # noqa: F401
