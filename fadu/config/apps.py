"""Registers the roof with Django; after each migration the application role gets exactly its grants."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """系统设置"""

    name = "fadu.config"
    label = "config"
    verbose_name = "系统设置"

    def ready(self) -> None:
        """Hook the grants to the end of migrations (``config`` is the last installed app)."""
        post_migrate.connect(_grant, sender=self)


def _grant(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Run the grants after the last app's migrations, when logged in as the owner."""
    from fadu.config.grants import grant

    grant(using)
