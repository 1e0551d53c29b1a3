"""Input that no person would send, and input that one might: values for controls of a page, query strings and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

NUL, LONG = "甲\x00乙", "长" * 3000
HOSTILE = (
    NUL, "\x00", LONG, "9" * 5000, "-" + "9" * 30, "٣٤", "²", "1e309", "nan", "-inf", "0x1F", "1_000", "\u202e反\u202c", "שלום", "🀄" * 9,
    "a\u0301" * 20, "\ufeff", "\u2028", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "\\", "%",
    "0000-00-00", "9999-12-31", "2026-02-30", "0001-01-01", "2026年2月29日", "2026-04-01T25:61", "10000-01-01", "1.5", "99999999999999999999", "-1",
    "[]", "{}", "null", '{"a": "\\ud800"}', '[{"place_note": "\\ud800", "taken_at": "2026-04-01T10:00:00Z"}]', '[{"place": {"latitude": 1e400}}]',
)  # fmt: skip
PLAIN = (
    "",
    "甲",
    "示例文字",
    "1",
    "2",
    "0",
    "60000",
    "on",
    "yes",
    "2026-03-30",
    "2026-03-31",
    "2026-04-02",
    "2026-03-31T09:00",
)
SURROGATE = "\ud800"

text = st.sampled_from(HOSTILE) | st.text(max_size=30) | st.text(alphabet="0123456789-/.:年月日 ", max_size=20)
value = st.sampled_from(PLAIN) | text
files = st.builds(
    lambda name, content, kind: SimpleUploadedFile(name, content, content_type=kind),
    st.sampled_from(["a.png", "a.xlsx", "a.pdf", "表.docx", "无后缀", "\u202egnp.exe", "长" * 200 + ".png", "a\x00b.png", ".xlsx"]),
    st.sampled_from([b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"%PDF-1.7\n", b"GIF89a", b"MZ\x90", b"\xff\xd8\xff\xe0"])
    | st.binary(max_size=60),
    st.sampled_from(["image/png", "application/pdf", "text/html", "", "x/y; charset=nonsense"]),
)  # fmt: skip


@dataclass
class Control:
    """A named control of a page: its kind, what stands in it, what may be chosen."""

    name: str
    kind: str
    given: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def values(self) -> st.SearchStrategy[Any]:
        """What may be sent for it: mostly what a person would leave or choose, sometimes anything."""
        if self.kind == "file":
            return st.none() | files
        kept = st.just(self.given)
        chosen = st.sampled_from(self.choices) if self.choices else st.sampled_from(PLAIN)
        return st.one_of(kept, kept, chosen, chosen, value)


class _Reader(HTMLParser):
    """Collects the controls of all forms of a page that are posted."""

    def __init__(self) -> None:
        super().__init__()
        self.controls: dict[str, Control] = {}
        self.select: Control | None = None
        self.posting = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attributes}
        if tag == "form":
            self.posting = given.get("method", "get").lower() == "post" and "logout" not in given.get("action", "")
        if tag == "option" and self.select is not None:
            self.select.choices.append(given.get("value", ""))
            if "selected" in given:
                self.select.given = given["value"]
        if not self.posting or tag not in ("input", "select", "textarea") or not given.get("name"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        control = self.controls.setdefault(given["name"], Control(given["name"], kind))
        if kind in ("radio", "checkbox"):
            control.choices.append(given.get("value", "on"))
        elif "value" in given:
            control.given = given["value"]
        self.select = control if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        self.select = None if tag == "select" else self.select
        self.posting = self.posting and tag != "form"


def controls(page: str) -> list[Control]:
    """The controls of the forms that the page posts."""
    reader = _Reader()
    reader.feed(page)
    return [control for control in reader.controls.values() if control.name != "csrfmiddlewaretoken"]


def query(pairs: list[tuple[str, str]]) -> str:
    """A query string; what is no text is sent as the bytes it would have."""
    return urlencode(pairs, errors="surrogatepass")
