"""Registers the floor of warnings with Django."""

from django.apps import AppConfig


class WarningConfig(AppConfig):
    """预警与叫应"""

    name = "fadu.warning"
    verbose_name = "预警与叫应"
