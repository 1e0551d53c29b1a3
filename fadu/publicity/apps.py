"""Registers the public site with Django and its entries with the navigation."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    """公开"""

    name = "fadu.publicity"
    verbose_name = "公开"

    def ready(self) -> None:
        """Add the public pages to both navigations."""
        from fadu.ui import slots
        from fadu.ui.slots import Group, NavEntry

        slots.public_nav("处罚决定", "publicity:decisions", order=10)
        slots.public_nav("执法程序", "publicity:procedures", order=20)
        slots.nav(NavEntry(Group.PUBLIC, "公开网站", "publicity:home", icon="list", order=10))
