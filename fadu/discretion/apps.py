"""Registers the discretion floor with Django and its entries with the navigation."""

from django.apps import AppConfig


class DiscretionConfig(AppConfig):
    """裁量基准"""

    name = "fadu.discretion"
    verbose_name = "裁量基准"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pages into both navigations."""
        from fadu.discretion import shell  # noqa: F401
