"""The only place that turns bytes from outside into an XML tree: no document type, no entities, no network, bounded."""

import re
from enum import StrEnum
from functools import cache
from typing import Any

from lxml import etree

from fadu.kernel.errors import Refused

MAX_BYTES = 8 * 1024 * 1024  # the largest real message we have seen, with a long polygon, has 0.9 MB
MAX_TAGS = 200_000  # start, end and empty tags, comments, instructions
MAX_ATTRIBUTES = 20_000  # in the whole message, declarations of namespaces among them
MAX_DEPTH = 32  # CAP itself needs four levels, a signature ten
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"


class Level(StrEnum):
    """Where a message failed, in the order in which it is judged."""

    SECURITY = "security"
    VERSION = "version"
    SCHEMA = "schema"
    SPEC = "spec"


class Unreadable(Refused):
    """The bytes were not read: ``level`` is SECURITY (we will not) or SCHEMA (it is no well-formed XML)."""

    status = 422

    def __init__(self, level: Level, reason: str) -> None:
        self.level = level
        super().__init__(reason)


# Name in the declaration → codec of Python. gb2312 and gbk are read by their superset, as senders mix them up.
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
    "big5": "big5", "shift_jis": "shift_jis", "euc-jp": "euc_jp", "euc-kr": "euc_kr", "koi8-r": "koi8_r",
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
}  # fmt: skip
_UTF_16_STARTS = (
    (b"\xff\xfe", "utf-16-le", 2),
    (b"\xfe\xff", "utf-16-be", 2),
    (b"<\0", "utf-16-le", 0),
    (b"\0<", "utf-16-be", 0),
)
_DECLARATION = re.compile(
    r"<\?xml\s+version\s*=\s*(?P<q>[\"'])(?P<version>[^\"']*)(?P=q)"
    r"(?:\s+encoding\s*=\s*(?P<e>[\"'])(?P<encoding>[A-Za-z][A-Za-z0-9._-]*)(?P=e))?"
)
_PROLOGUE = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_HIDING = (("<!--", "-->"), ("<![CDATA[", "]]>"))
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_RESOURCE_ERRORS = {"ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP", "ERR_NAME_TOO_LONG", "ERR_NO_MEMORY", "ERR_INTERNAL_ERROR"}


def read(data: bytes) -> Any:
    """The root element of ``data``; raises Unreadable, and nothing else, for whatever bytes are given.

    A document type or a declared entity is refused before a parser sees it, whether used or not: CAP needs neither, and
    both serve to read files of ours or to grow a message without bound.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(Level.SECURITY, f"报文有 {len(data)} 字节，超过 {MAX_BYTES} 字节的上限")
    text = _decode(data)
    after = _PROLOGUE.match(text)
    if text.startswith("<!", after.end() if after else 0):
        raise Unreadable(Level.SECURITY, "报文含有文档类型声明（DOCTYPE）或者实体声明，一律不予读取")
    if text.count("<") > MAX_TAGS:
        raise Unreadable(Level.SECURITY, f"报文的标记超过 {MAX_TAGS} 个")
    if text.count("=") > MAX_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(text)) > MAX_ATTRIBUTES:
        raise Unreadable(Level.SECURITY, f"报文的属性超过 {MAX_ATTRIBUTES} 个")
    root = _parse(text)
    if _too_deep()(root):
        raise Unreadable(Level.SECURITY, f"报文的元素嵌套超过 {MAX_DEPTH} 层")
    return root


def text_of(element: Any) -> str:
    """The whole text of an element, as canonicalisation sees it: past comments and instructions, not up to the first one."""
    return "".join(element.itertext()) if len(element) else element.text or ""


def _parse(text: str) -> Any:
    """The tree of a text without document type."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, collect_ids=False
    )
    try:
        return etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        if _declares(text):
            raise Unreadable(Level.SECURITY, "报文含有文档类型声明（DOCTYPE）或者实体声明，一律不予读取") from error
        last = parser.error_log.last_error
        if last is not None and last.type_name in _RESOURCE_ERRORS:
            raise Unreadable(Level.SECURITY, f"报文超过 XML 解析的安全限度：{last.message}") from error
        where = f"第 {error.lineno} 行" if error.lineno else "报文"
        raise Unreadable(Level.SCHEMA, f"{where}不是格式良好的 XML：{_first_line(error.msg)}") from error


def _first_line(said: str | None) -> str:
    """What the parser says, without the piece of the message it quotes."""
    return (said or "").partition("\n")[0][:200]


def _declares(text: str) -> bool:
    """Whether a text that is not well-formed declares a document type outside of comments and CDATA; in one pass."""
    at = text.find("<!")
    while at >= 0:
        end = next((text.find(close, at + len(open_)) for open_, close in _HIDING if text.startswith(open_, at)), None)
        if end is not None and end < 0:
            return False
        if end is None and _DECLARES.match(text, at):
            return True
        at = text.find("<!", at + 2 if end is None else end)
    return False


@cache
def _too_deep() -> Any:
    """Whether a tree has more than MAX_DEPTH levels."""
    return etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


def _decode(data: bytes) -> str:
    """The text of ``data`` by byte order mark and declaration, which must agree (XML 1.0 §4.3.3)."""
    codec, skip, marked = "", 0, False
    if data.startswith(b"\xef\xbb\xbf"):
        codec, skip, marked = "utf-8", 3, True
    else:
        for start, wide, length in _UTF_16_STARTS:
            if data.startswith(start):
                codec, skip, marked = wide, length, bool(length)
                break
    head = data[skip : skip + 400].decode(codec or "latin-1", "replace")
    declaration = _DECLARATION.match(head)
    if declaration and declaration["version"] != "1.0":
        raise Unreadable(Level.SCHEMA, f"CAP 报文应为 XML 1.0，报文声明的是 {declaration['version']}")
    declared = (declaration["encoding"] or "").lower() if declaration else ""
    if declared and declared not in _CODECS:
        raise Unreadable(Level.SCHEMA, f"不支持报文声明的编码 {declared}")
    codec = _agreed(codec, declared, marked=marked)
    try:
        return data[skip:].decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(Level.SCHEMA, f"报文从第 {error.start + skip + 1} 个字节起不是 {codec} 编码") from error


def _agreed(found: str, declared: str, *, marked: bool) -> str:
    """The codec on which the first bytes (``found``, empty when they say nothing) and the declaration agree."""
    said = _CODECS.get(declared, "")
    if not found:
        if said.startswith("utf-16"):
            raise Unreadable(Level.SCHEMA, f"报文声明编码为 {declared}，实际不是")
        return said or "utf-8"
    # UTF-16 without a mark must name its byte order; a mark may stand under the plain name
    if said == found or (marked and said in ("", "utf-16") and (said == "" or found.startswith("utf-16"))):
        return found
    raise Unreadable(Level.SCHEMA, f"报文声明编码为 {declared or '（无）'}，与开头的字节不符")
