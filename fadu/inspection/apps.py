"""Registers inspection with Django, and with the procedure floor: declaration, facts, effects, papers, forms."""

from importlib import import_module

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """行政检查"""

    name = "fadu.inspection"
    verbose_name = "行政检查"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in (
            "procedures.routine.procedure", "queries", "services.onsite", "services.measures", "services.rectifying", "services.papers",
            "forms", "shell",
        ):  # fmt: skip
            import_module(f"fadu.inspection.{module}")
