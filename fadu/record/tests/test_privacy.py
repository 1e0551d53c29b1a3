"""ID numbers, mobile numbers and informants' names never stand in the record, since it can never be erased."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from fadu.kernel.hashing import keyed
from fadu.record import privacy
from fadu.record.models import Entry
from fadu.record.privacy import Sensitive, SensitiveInRecord, is_id_number, redacted

Write = Callable[..., Entry]
# the sample number printed in GB 11643-1999, and the one of its annex that ends with X
SAMPLE, WITH_X = "11010519491231002X", "440524188001010014"
PHONE = "13800138000"


@pytest.mark.parametrize("number", [SAMPLE, WITH_X, SAMPLE.lower()])
def test_the_samples_of_the_standard_are_id_numbers(number: str) -> None:
    assert is_id_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong check digit
        "110105194913310024",  # no such month
        "91140400MA0K12345X",  # a credit code
        "990105194912310020",  # no such region
        "1101051949123100",
    ],
)
def test_what_only_looks_like_one_is_none(number: str) -> None:
    assert not is_id_number(number)


SPELLINGS = {
    "身份证件号码": [
        f"证件号{SAMPLE}。",
        "（110105 19491231 002X）".replace(" ", " "),
        "１１０１０５１９４９１２３１００２Ｘ",
        SAMPLE.lower(),
        "110105-19491231-002X",
    ],
    "手机号码": [
        f"电话{PHONE}",
        "138 0013 8000",
        "138-0013-8000",
        f"+86{PHONE}",
        f"+86 {PHONE}",
        "１３８００１３８０００",
        f"甲{PHONE}乙",
    ],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in SPELLINGS.items() for text in texts])
@pytest.mark.django_db
def test_a_personal_number_is_refused_wherever_it_stands(write: Write, what: str, text: str) -> None:
    for place in (
        {"note": text},
        {"title": text},
        {"matter_title": text},
        {"articles": [text]},
        {"before": {"x": [{"y": text}]}},
        {"after": {text: 1}},
        {"flags": {"late": text}},
        {"papers": [{"kind": text}]},
        {"after": {"who": Sensitive("甲", text)}},
    ):
        with pytest.raises(SensitiveInRecord, match=what), transaction.atomic():
            write(**place)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_number_as_a_number_is_refused_too(write: Write) -> None:
    with pytest.raises(SensitiveInRecord, match="变更后"):
        write(after={"phone": int(PHONE)})


@pytest.mark.django_db
def test_what_is_no_personal_number_passes(write: Write) -> None:
    innocent = (
        "示应急罚〔2026〕1号 罚款15000000000.00元 东经113.13812345678 "
        f"sha256 {'13800138000' * 5}ab 统一社会信用代码91140400MA0K12345X 票据号138001380001 0351-4041234"
    )
    assert write(note=innocent, after={"amount": 60000}).note == innocent


@pytest.mark.django_db
def test_a_sensitive_value_enters_as_a_keyed_hash_with_its_reference(write: Write) -> None:
    entry = write(
        after={
            "informant": Sensitive("王示三", "inspection.clue/5#informant"),
            "phone": Sensitive("138 0013 8000", "inspection.clue/5#phone"),
            "id": Sensitive(SAMPLE.lower(), "subject/3#id"),
        }
    )
    assert entry.data["after"]["informant"] == {"keyed": keyed("王示三"), "ref": "inspection.clue/5#informant"}
    assert entry.data["after"]["phone"]["keyed"] == keyed(PHONE)
    assert entry.data["after"]["id"]["keyed"] == keyed(SAMPLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_entry::text FROM record_entry")
        row = cursor.fetchone()[0]
    for secret in ("王示三", PHONE, "0013", SAMPLE):
        assert secret not in row


def test_a_sensitive_value_does_not_show_itself() -> None:
    assert "王示三" not in repr(Sensitive("王示三", "x"))


def test_free_text_can_be_cleared_of_numbers() -> None:
    clean = redacted(f"甲（{SAMPLE}，电话{PHONE}）陈述如下")
    assert clean == (f"甲（〔身份证件号码 {keyed(SAMPLE)[:16]}〕，电话〔手机号码 {keyed(PHONE)[:16]}〕）陈述如下")
    assert list(privacy.findings(clean)) == []
    assert redacted("没有号码") == "没有号码"
