"""Judges a tree by the schema of CAP 1.2 and says in Chinese what does not fit."""

import re
import threading
from pathlib import Path
from typing import Any

from lxml import etree

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
OTHER_VERSIONS = {
    "http://www.incident.com/cap/1.0": "1.0",
    "urn:oasis:names:tc:emergency:cap:1.0": "1.0",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
}
XSD = Path(__file__).with_name("cap12.xsd")
MOST_REASONS = 20  # a message of noise has thousands
LONGEST = 800

_own = threading.local()  # a schema object keeps the log of its last use, so each thread has one
_QUALIFIED = re.compile(r"\{([^}]*)\}([\w.-]+)")
_VALUE = re.compile(r"'(?P<value>.*)' is not (?:a valid value of|accepted by the pattern)", re.DOTALL)
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (?P<names>.*) \)")
_ENUMERATION = re.compile(r"The value '(?P<value>.*)' is not an element of the set \{(?P<set>.*)\}", re.DOTALL)


def other_version(root: Any) -> str | None:
    """The version of CAP a root element declares by its namespace, when it is a published one and not 1.2."""
    name = etree.QName(root)
    return OTHER_VERSIONS.get(name.namespace or "") if name.localname == "alert" else None


def faults(root: Any) -> tuple[str, ...]:
    """What the schema finds in a tree, as Chinese sentences; empty when it fits. At most MOST_REASONS of them."""
    name = etree.QName(root)
    if (name.namespace, name.localname) != (NAMESPACE, "alert"):
        space = f"命名空间是 {name.namespace}" if name.namespace else "没有命名空间"
        return (f"根元素 <{name.localname}> {space}；CAP 1.2 报文的根元素应为 {NAMESPACE} 的 <alert>",)
    schema = _schema()
    if schema.validate(root):
        return ()
    said: dict[tuple[int, str], str] = {}
    for entry in schema.error_log:  # of one element only the first complaint: the others repeat it
        said.setdefault((entry.line, str(entry.message).partition(": ")[0]), _in_chinese(entry))
    reasons = list(said.values()) or ["报文不符合 CAP 1.2 的结构"]
    if len(reasons) > MOST_REASONS:
        reasons[MOST_REASONS:] = [f"另有 {len(reasons) - MOST_REASONS} 处不符合"]
    return tuple(reasons)


def _schema() -> Any:
    """The compiled schema of this thread."""
    if not hasattr(_own, "schema"):
        _own.schema = etree.XMLSchema(etree.parse(str(XSD)))
    return _own.schema


def _in_chinese(entry: Any) -> str:
    """One entry of the log, as a sentence; what libxml2 says that we do not know is passed on."""
    message = str(entry.message)
    if len(message) > LONGEST:  # it quotes the value, which may be megabytes
        message = f"{message[: LONGEST // 2]}…{message[-LONGEST // 2 :]}"
    element = _QUALIFIED.search(message)
    at = f"第 {entry.line} 行 <{element[2] if element else '?'}>"
    kind, rest = entry.type_name, message.partition(": ")[2]
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        expected = _EXPECTED.search(rest)
        wanted = "、".join(name for _, name in _QUALIFIED.findall(expected["names"])) if expected else "没有别的元素"
        if rest.startswith("Missing child"):
            return f"{at} 缺少元素，应有：{wanted}"
        return f"{at} 不应出现在这里，这里应为：{wanted}"
    if found := _ENUMERATION.search(rest):
        return f"{at} 的值“{_short(found['value'])}”不在允许的值之内：{found['set'].replace(chr(39), '')}"
    if found := _VALUE.search(rest):
        return f"{at} 的值“{_short(found['value'])}”不符合规定的格式"
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1":
        return f"{at} 有不允许的属性：{rest}"
    return f"{at} 不符合 CAP 1.2 的结构：{rest}"


def _short(value: str) -> str:
    """A value as a sentence can carry it."""
    return value if len(value) <= 60 else f"{value[:60]}…"
