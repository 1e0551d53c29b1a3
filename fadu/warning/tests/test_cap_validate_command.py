"""``manage.py cap-validate``: one object a line, exit 0, whatever the files are."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from fadu.warning.cap.reading import MAX_BYTES
from fadu.warning.cap.tests.messages import info, message

SIGNED = Path(__file__).parents[1] / "cap" / "tests" / "signed"
KEYS = ["file", "valid", "level", "reasons", "signature"]


def lines(*files: object) -> list[dict[str, object]]:
    said = StringIO()
    call_command("cap-validate", *map(str, files), json=True, stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_one_object_a_file_in_the_order_given(tmp_path: Path) -> None:
    good, bad, old, bomb = (tmp_path / f"{name}.xml" for name in ("good", "bad", "old", "bomb"))
    good.write_bytes(message(info()))
    bad.write_bytes(message(msgType="Cancel"))
    old.write_bytes(message(namespace="urn:oasis:names:tc:emergency:cap:1.1"))
    bomb.write_bytes(b"<!DOCTYPE alert><alert/>")
    answers = lines(good, bad, old, bomb, SIGNED / "rsa-inclusive.xml")
    assert all(list(answer) == KEYS for answer in answers)
    assert [answer["file"] for answer in answers][:2] == [str(good), str(bad)]
    assert [(a["valid"], a["level"], a["signature"]) for a in answers] == [
        (True, None, "none"),
        (False, "spec", "none"),
        (False, "version", "none"),
        (False, "security", "none"),
        (True, None, "good"),
    ]
    assert answers[0]["reasons"] == []
    assert all(answer["reasons"] for answer in answers[1:4])


def test_a_bad_signature_does_not_change_the_validity(tmp_path: Path) -> None:
    changed = tmp_path / "changed.xml"
    changed.write_bytes((SIGNED / "rsa-inclusive.xml").read_bytes().replace("蓝色".encode(), "红色".encode()))
    (answer,) = lines(changed)
    assert (answer["valid"], answer["signature"]) == (True, "bad")


def test_a_file_that_cannot_be_read_is_an_answer_too(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES * 4)
    answers = lines(tmp_path / "missing.xml", tmp_path, "nul\0name", "odd\udcff", large)
    assert [(a["valid"], a["level"]) for a in answers] == [(False, "schema")] * 4 + [(False, "security")]
    assert "没有这个文件" in str(answers[0]["reasons"])


def test_without_json_it_speaks_chinese(tmp_path: Path) -> None:
    cancel = tmp_path / "cancel.xml"
    cancel.write_bytes(message(msgType="Cancel"))
    said = StringIO()
    call_command("cap-validate", str(cancel), "odd\udcff", stdout=said)
    assert "不符合 CAP 1.2（标准条文）" in said.getvalue()
    assert "没有签名" in said.getvalue()
