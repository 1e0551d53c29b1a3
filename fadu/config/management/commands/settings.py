"""``manage.py settings``: the table of environment variables, as the page docs/settings.md."""

from typing import Any, Literal, get_args, get_origin

from django.core.management.base import BaseCommand
from pydantic.fields import FieldInfo

from fadu.config.environment import ROOT, Environment

HEAD = """# 设置 Settings

由 `manage.py settings` 从 `fadu/config/environment.py` 生成，请勿手改。全部设置都是环境变量；写错类型或者超出范围，程序不启动并说明是哪一个。

| 环境变量 | 类型 | 默认值 | 用途 |
|---|---|---|---|"""


def _type(field: FieldInfo) -> str:
    """The type of a setting with its limits, as a person writes it."""
    if get_origin(field.annotation) is Literal:
        return " 或 ".join(f"`{choice}`" for choice in get_args(field.annotation))
    names = {str: "文字", int: "整数", bool: "是否", "Path": "文件夹"}
    name = names.get(field.annotation, names["Path"])
    lower = next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None)
    upper = next((limit.le for limit in field.metadata if hasattr(limit, "le")), None)
    if lower is None:
        return str(name)
    return f"{name}，{lower}–{upper}" if upper is not None else f"{name}，不小于 {lower}"


def _default(field: FieldInfo) -> str:
    """The default, without any path of this machine."""
    value = field.default
    if value == "":
        return "（空）"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{str(value).replace(f'{ROOT}/', '')}`"


def table() -> str:
    """The page: one row a setting, in the order of the class that declares them."""
    rows = [
        f"| `{field.alias}` | {_type(field)} | {_default(field)} | {field.description} |"
        for field in Environment.model_fields.values()
    ]
    return "\n".join([HEAD, *rows])


class Command(BaseCommand):
    """``manage.py settings``"""

    help = "打印全部设置（Markdown 表格）"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the page to standard output."""
        self.stdout.write(table())
