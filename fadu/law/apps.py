"""Registers the law floor with Django."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """法律：条文引用、法律库、处罚规定、法定数字、节假日"""

    name = "fadu.law"
    label = "law"
    verbose_name = "法律"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pages into the shell and on the public site."""
        from fadu.law import shell  # noqa: F401
