"""Registers the response with Django, and with the procedure floor: declaration, facts, effects, papers, forms."""

from importlib import import_module

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """应急响应"""

    name = "fadu.response"
    label = "response"
    verbose_name = "应急响应"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in (
            "procedures.weather.procedure",
            "queries",
            "services.acting",
            "services.papers",
            "forms",
            "shell",
        ):
            import_module(f"fadu.response.{module}")
