"""System checks of papers: without a font with Chinese characters no paper can be made."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from fadu.document import fonts


@register()
def chinese_fonts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """document.E001 when no Chinese font is found; document.W001 when a role is drawn by a stand-in of another style."""
    try:
        faces = fonts.faces()
    except fonts.NoFontError as reason:
        return [Error(str(reason), id="document.E001")]
    families = {face.family for face in faces}
    if not families & {"LXGW WenKai", "KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FandolKai"}:
        return [
            Warning(
                "没有找到楷体，文书中填写的内容将用宋体。",
                hint="安装 Debian 软件包 fonts-lxgw-wenkai，或者设置 FADU_FONTS。",
                id="document.W001",
            )
        ]
    return []
