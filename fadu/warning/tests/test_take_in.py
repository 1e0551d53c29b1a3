"""Taking warnings in: nothing is dropped, nothing is edited, a drill stays a drill; expectations from the standard and the order on signals."""

from pathlib import Path

import pytest

from fadu.kernel.errors import Refused
from fadu.org.tests import universe as people
from fadu.record.models import Entry
from fadu.warning.cap.tests import messages
from fadu.warning.models import Warning
from fadu.warning.services import take_in

pytestmark = pytest.mark.django_db
SIGNED = Path(__file__).parents[1] / "cap" / "tests" / "signed"
GEOCODE = "<geocode><valueName>行政区划代码</valueName><value>{}</value></geocode>"


def message(code="140403000000", inside=None, **changed) -> bytes:
    info = {k: changed.pop(k) for k in list(changed) if k in messages.INFO}
    return messages.message(inside if inside is not None else messages.info(GEOCODE.format(code), **info), **changed)


def reference(warning: Warning) -> str:
    return f"{warning.sender},{warning.identifier},2026-07-01T08:00:00+08:00"


def test_bytes_and_words_are_kept_as_they_came():
    data = message()
    warning = take_in(data)
    assert bytes(warning.raw) == data
    assert warning.headline == "示例市气象台发布暴雨蓝色预警"
    assert (warning.signal, warning.colour, warning.kind) == ("暴雨", "蓝", "real")
    assert [(area.code, area.colour) for area in warning.areas.all()] == [("140403", "蓝")]


def test_the_same_message_again_is_the_same_row_and_one_entry():
    first, second = take_in(message()), take_in(message())
    assert first.pk == second.pk
    assert Entry.objects.filter(chain=f"warning/{first.pk}").count() == 1


def test_the_same_number_with_other_words_is_flagged_and_the_first_stays():
    first = take_in(message())
    again = take_in(message(headline="改过的标题"))
    assert again.pk == first.pk
    assert again.headline == "示例市气象台发布暴雨蓝色预警"
    assert any("内容不同" in problem for problem in again.problems)


def test_a_pair_the_order_does_not_know_is_flagged_and_not_dropped():
    warning = take_in(message(event="高温", headline="示例市气象台发布高温蓝色预警"))
    assert warning.standing == "current"
    assert "高温预警信号没有蓝色这一级" in warning.problems


def test_a_bad_signature_is_quarantined_and_does_not_keep_the_right_message_out():
    data = (SIGNED / "rsa-inclusive.xml").read_bytes()
    bad = take_in(data.replace("预警".encode(), "警预".encode()))
    assert (bad.standing, bool(bad.quarantine)) == ("quarantined", True)
    good = take_in(data)
    assert good.pk != bad.pk
    assert good.standing != "quarantined"


def test_an_exercise_is_a_drill_and_a_test_sets_nothing_going():
    assert take_in(message(status="Exercise", note="演练")).kind == "drill"
    assert take_in(message(status="Test", identifier="EX-2")).kind == "technical"


def test_an_update_replaces_and_a_cancel_cancels_in_whatever_order_they_come():
    first = take_in(message())
    update = take_in(
        message(identifier="EX-2", sent="2026-07-01T09:00:00+08:00", msgType="Update", references=reference(first))
    )
    first.refresh_from_db()
    assert (first.standing, first.replaced_by, update.standing) == ("superseded", update, "current")
    late = "office@example.org,EX-9,2026-07-01T10:00:00+08:00"
    cancel = take_in(message(identifier="EX-10", sent="2026-07-01T11:00:00+08:00", msgType="Cancel", references=late))
    assert any("还没有收到" in problem for problem in cancel.problems)
    named = take_in(message(identifier="EX-9", sent="2026-07-01T10:00:00+08:00"))
    assert (named.standing, named.replaced_by) == ("cancelled", cancel)


def test_a_cancel_of_a_drill_cancels_nothing_real():
    first = take_in(message())
    take_in(
        message(
            identifier="EX-2", sent="2026-07-01T09:00:00+08:00", msgType="Cancel", status="Exercise", note="演练",
            references=reference(first),
        )
    )  # fmt: skip
    first.refresh_from_db()
    assert first.standing == "current"


def test_of_a_whole_city_only_the_city_is_kept_and_an_unknown_code_is_told():
    city = take_in(message("140400000000"))
    assert [area.code for area in city.areas.all()] == ["1404"]
    other = take_in(message("110000000000", identifier="EX-2"))
    assert not other.areas.exists()
    assert any("不认得的区划代码" in problem for problem in other.problems)


def test_a_circle_is_left_to_a_person():
    warning = take_in(message(inside=messages.info("<circle>36.2,113.1 10</circle>")))
    assert any("需由人判断" in problem for problem in warning.problems)


def test_no_message_is_refused_with_its_reasons():
    with pytest.raises(Refused):
        take_in(b"<alert/>")


def test_pages_show_drills_apart_and_take_a_message(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from fadu.org.roles import Role

    town = people.build()
    client.force_login(people.account(town.officers["市局"][Role.CLERK], "clerk"))
    sent = client.post("/warning/take/", {"file": SimpleUploadedFile("a.xml", message(status="Exercise", note="演练"))})
    assert sent.status_code == 302
    assert "【演练】" in client.get(sent["Location"]).content.decode()
    assert "示例市气象台" not in client.get("/warning/").content.decode()
    assert "示例市气象台" in client.get("/warning/?tab=drill").content.decode()
    wrong = client.post("/warning/take/", {"file": SimpleUploadedFile("a.xml", b"<a/>")})
    assert wrong.status_code == 422


def test_the_three_administrators_see_no_warning_to_take(client):
    from fadu.org.roles import Role

    town = people.build()
    client.force_login(people.account(town.officers["市局"][Role.ADMIN], "admin"))
    assert client.get("/warning/take/").status_code == 403
