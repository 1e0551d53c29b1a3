"""``manage.py cap-validate FILE… [--json]``: judge CAP 1.2 messages; needs no database and always ends with 0."""  # noqa: N999

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fadu.warning.cap.reading import MAX_BYTES, Level
from fadu.warning.cap.signature import State
from fadu.warning.cap.validate import Verdict, validate

LEVELS = {
    Level.SECURITY: "安全",
    Level.VERSION: "版本",
    Level.SCHEMA: "结构",
    Level.SPEC: "标准条文",
}
SIGNATURES = {
    State.NONE: "没有签名",
    State.GOOD: "签名无误（是否可信另由接收方的信任证书决定）",
    State.BAD: "签名有误",
    State.UNVERIFIABLE: "签名无法核验",
}

UNREADABLE = {FileNotFoundError: "没有这个文件", IsADirectoryError: "这是文件夹", PermissionError: "没有读取的权限"}


class Command(BaseCommand):
    """``manage.py cap-validate``"""

    help = "检验 CAP 1.2 预警报文；--json 每个文件输出一行 JSON"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files and the form of the answer."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="报文文件")
        parser.add_argument("--json", action="store_true", help="每个文件输出一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """One answer a file, in the order given; a file that cannot be read is an answer too."""
        for name in options["files"]:
            verdict = _judge(name)
            self.stdout.write(_as_json(name, verdict) if options["json"] else _as_text(name, verdict))


def _judge(name: str) -> Verdict:
    """The verdict on a file; never more than the limit is read of it."""
    try:
        with Path(name).open("rb") as file:
            return validate(file.read(MAX_BYTES + 1))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = next((said for kind, said in UNREADABLE.items() if isinstance(error, kind)), str(error))
        return Verdict(Level.SCHEMA, (f"文件读不出来：{why}",))


def _as_json(name: str, verdict: Verdict) -> str:
    """One line."""
    answer = {
        "file": name,
        "valid": verdict.valid,
        "level": verdict.level,
        "reasons": list(verdict.reasons),
        "signature": verdict.signature.state,
    }
    return json.dumps(answer)  # pure ASCII, so that no locale and no file name can spoil the line


def _as_text(name: str, verdict: Verdict) -> str:
    """A paragraph for a person: the verdict, why, what is only advised, and the signature."""
    head = "符合 CAP 1.2" if verdict.level is None else f"不符合 CAP 1.2（{LEVELS[verdict.level]}）"
    said = verdict.signature.reasons
    return "\n".join(
        [
            f"{name.encode('utf-8', 'replace').decode()}：{head}",
            *(f"  - {reason}" for reason in verdict.reasons),
            *(f"  - 建议：{remark}" for remark in verdict.remarks),
            f"  签名：{SIGNATURES[verdict.signature.state]}" + (f"：{'；'.join(said)}" if said else ""),
        ]
    )
