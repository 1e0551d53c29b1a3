"""The app of the interface floor; it has no tables."""

from django.apps import AppConfig
from django.core import checks


class UiConfig(AppConfig):
    """Registers the check that the vendored files are there."""

    name = "fadu.ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Register ui.E001."""
        from fadu.ui.finders import missing_vendor_files

        checks.register(missing_vendor_files, checks.Tags.staticfiles)
