"""Registers organs and people with Django."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """机构与人员"""

    name = "fadu.org"
    label = "org"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        """Put people and pages into the shell."""
        from fadu.org import shell  # noqa: F401
