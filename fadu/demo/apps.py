"""Registers demo with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """示例城市"""

    name = "fadu.demo"
    verbose_name = "示例城市"
