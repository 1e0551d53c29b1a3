"""Registers penalties with Django, and with the procedure floor: declaration, facts, effects, papers, forms."""

from importlib import import_module

from django.apps import AppConfig


class PenaltyConfig(AppConfig):
    """行政处罚"""

    name = "fadu.penalty"
    verbose_name = "行政处罚"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in (
            "procedures.ordinary.procedure", "queries", "services.investigating", "services.transferring", "services.noticing",
            "services.hearings", "services.preserving", "services.deciding", "services.performing", "services.enforcing", "services.remedying",
            "services.one_act", "services.consequences", "services.papers", "services.papers_hearing", "services.papers_enforcing", "services.listening", "forms", "forms.hearing",
            "forms.enforcing", "forms.history", "shell",
        ):  # fmt: skip
            import_module(f"fadu.penalty.{module}")
