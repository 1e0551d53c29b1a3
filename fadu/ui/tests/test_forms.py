"""Forms take what people write, keep it when it is wrong, and say at the field what to do."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from fadu.ui.forms import DateField, MomentField, MoneyField, Photo, PhotosField, SignatureField

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("60000", "60000"),
        ("60,000", "60000"),
        ("６０，０００", "60000"),
        ("￥60,000.50", "60000.50"),
        (" 60000元 ", "60000"),
        ("6万元", "60000"),
        ("1.5万", "15000"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert MoneyField().clean(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["六万", "-1", "1e5", "60000.555", "NaN", "60 000元整", "1" * 20])
def test_an_amount_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(text)


@pytest.mark.parametrize(
    "text", ["2026-12-03", "2026年12月3日", "2026.12.3", "2026/12/3", "20261203", "２０２６年１２月３日"]
)
def test_a_day_is_read_in_its_five_spellings(text: str) -> None:
    assert DateField().clean(text) == date(2026, 12, 3)


@pytest.mark.parametrize("text", ["2026-02-30", "明天", "12月3日", "2026-13-01", "99999999"])
def test_a_day_that_does_not_exist_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match="2026年12月3日"):
        DateField().clean(text)


def test_a_moment_is_beijing_time() -> None:
    for text in ("2026-12-03T14:30", "2026年12月3日 14:30", "2026年12月3日14时30分"):
        assert MomentField().clean(text).isoformat() == "2026-12-03T14:30:00+08:00"
    with pytest.raises(ValidationError):
        MomentField().clean("2026-12-03 25:00")


# --- how a form is shown


class Sample(forms.Form):
    name = forms.CharField(label="当事人")
    amount = MoneyField(label="罚款数额", help_text="单位：元")
    until = DateField(label="整改期限")
    method = forms.ChoiceField(
        label="送达方式", choices=(("a", "直接送达"), ("b", "留置送达")), widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        self.add_error(None, "两名执法人员不能是同一人。")
        return self.cleaned_data


@pytest.fixture
def shown() -> str:
    return Sample({"name": "", "amount": "六万<", "until": "明天"}).render()


def test_errors_say_what_to_do_and_not_only_that_something_is_required(shown: str) -> None:
    assert "请填写当事人。" in shown
    assert "请选择送达方式。" in shown
    assert "必填项" not in shown


def test_the_summary_leads_to_each_field(shown: str) -> None:
    summary = re.search(r'<div class="fd-errors".*?</div>', shown, re.S)
    assert summary is not None
    targets = re.findall(r'href="#([^"]+)"', summary[0])
    assert targets == ["id_name", "id_amount", "id_until", "id_method"]
    assert all(f'id="{target}"' in shown for target in targets)
    assert "两名执法人员不能是同一人。" in summary[0]


def test_what_was_typed_is_kept_and_escaped(shown: str) -> None:
    assert 'value="六万&lt;"' in shown
    # a date picker would show nothing for 明天, so the box becomes one for text
    assert re.search(r'<input type="text" name="until" value="明天"', shown)


def test_a_reader_is_told_of_hint_and_error(shown: str) -> None:
    control = re.search(r'<input[^>]*name="amount"[^>]*>', shown)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in control[0]
    assert 'id="id_amount_helptext"' in shown
    assert 'id="id_amount_error"' in shown


def test_a_day_in_any_spelling_comes_back_in_the_picker() -> None:
    assert 'type="date" name="until" value="2026-12-03"' in Sample({"until": "2026年12月3日"}).render()


# --- photographs and signatures


class Spot(forms.Form):
    photos = PhotosField(label="照片")
    signature = SignatureField(label="签名", required=False)


def spot(said: str, *files: SimpleUploadedFile, **more: Any) -> Spot:
    return Spot({"photos_said": said}, MultiValueDict({"photos": list(files), **{k: [v] for k, v in more.items()}}))


def jpeg(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x", "image/jpeg")


def test_each_photograph_comes_with_its_own_moment_and_place() -> None:
    said = [
        {"taken_at": "2026-11-23T06:52:00Z", "place": {"latitude": 36.19512, "longitude": 113.10562, "accuracy": 5}},
        {"taken_at": "2026-11-23T06:53:00Z", "place": None, "place_note": "未允许定位"},
    ]
    form = spot(json.dumps(said), jpeg("a.jpg"), jpeg("b.jpg"))
    assert form.is_valid(), form.errors
    first, second = form.cleaned_data["photos"]
    assert first.file.name == "a.jpg"
    assert first.taken_at.isoformat() == "2026-11-23T14:52:00+08:00"
    assert first.place == "北纬36.19512°，东经113.10562°（5米内）"
    assert second.place == "未允许定位"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "not json",
        "{}",
        "[1, null]",
        '[{"taken_at": 7, "place": "x"}]',
        '[{"place": {"latitude": 999, "longitude": true}}]',
    ],
)
def test_nonsense_from_a_phone_costs_the_place_and_not_the_photograph(said: str) -> None:
    form = spot(said, jpeg("a.jpg"))
    assert form.is_valid(), form.errors
    (photo,) = form.cleaned_data["photos"]
    assert isinstance(photo, Photo)
    assert photo.taken_at is None
    assert photo.place == ""


def test_a_photograph_must_be_there_and_be_a_picture() -> None:
    assert "photos" in spot("").errors
    assert "请重新拍摄" in spot("", SimpleUploadedFile("a.exe", b"x", "application/x-msdownload")).errors["photos"][0]


def test_a_signature_is_a_png_that_can_be_read_again() -> None:
    form = spot("", jpeg("a.jpg"), signature=SimpleUploadedFile("s.png", PNG, "image/png"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["signature"].read() == PNG
    form = spot("", jpeg("a.jpg"), signature=SimpleUploadedFile("s.png", b"MZ", "image/png"))
    assert form.errors["signature"] == ["签名没有传到，请重新签名。"]
