"""Registers reminders: the bell in the shell, and the ear for delegations and grants given below."""

from django.apps import AppConfig


class ReminderConfig(AppConfig):
    """提醒"""

    name = "fadu.reminder"
    label = "reminder"
    verbose_name = "提醒"

    def ready(self) -> None:
        """Hang up the bell, and listen to the floor of people."""
        from fadu.reminder import shell  # noqa: F401
        from fadu.reminder.services import listening  # noqa: F401
