"""``manage.py load-content``: loads the house's own content, floor by floor; running it again changes nothing."""  # noqa: N999

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

FLOORS = (
    "law",
    "org",
    "subject",
    "power",
    "procedure",
    "inspection",
    "response",
)  # from the lowest up: content points down


class Command(BaseCommand):
    """``manage.py load-content``"""

    help = "装入法律、行政区划、行业、权责清单、审批链、检查表等内容；可以重复运行"

    def handle(self, *args: Any, **options: Any) -> None:
        """Call ``load_content()`` of each floor that has content; a floor without one is an error."""
        for floor in FLOORS:
            load = import_module(f"fadu.{floor}.services").load_content
            said = f"{apps.get_app_config(floor).verbose_name}：{_counted(load())}"
            self.stderr.write(said, style_func=str)  # news, not an error


def _counted(answer: int | dict[str, int]) -> str:
    """What a loader answered, for a person."""
    if isinstance(answer, dict):
        return "，".join(f"{name} {count}" for name, count in answer.items())
    return f"{answer} 条"
