"""Registers the list of powers with Django and what it adds to other pages."""

from importlib import import_module

from django.apps import AppConfig


class PowerConfig(AppConfig):
    """权责清单"""

    name = "fadu.power"
    verbose_name = "权责清单"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("fadu.power.shell")
