"""The library above its floor: who may import and how, what the procedures say of an article, the search of the shell."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.law.library.models import PendingText, StatuteText
from fadu.law.tests.invented import BUOYS, LIGHTHOUSES, word
from fadu.org.models import User
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
IMPORT = ("import", "import_confirm", "import_discard")


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


def login(officer) -> Client:
    client = Client()
    client.force_login(officer.user or universe.account(officer, f"u{officer.pk}"))
    return client


def upload(client: Client, *files: tuple[str, bytes], **values: str):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("law:import"), {"texts": sent, **values}, follow=True)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_only_the_system_administrator_imports(town, role):
    client = login(town.of(town.city, role))
    allowed = role is Role.ADMIN
    assert client.get(reverse("law:import")).status_code == (200 if allowed else 403)
    for name in IMPORT:
        response = client.post(reverse(f"law:{name}"), follow=True)
        assert response.status_code in ((200, 422) if allowed else (403,)), name
    shown = client.get(reverse("law:statutes")).content.decode()
    assert (reverse("law:import") in shown) is allowed


def test_an_account_without_a_post_and_the_machine_room_import_nothing(town, client):
    client.force_login(User.objects.create_superuser("机房", universe.PASSWORD))
    assert client.get(reverse("law:import")).status_code == 403
    assert upload(client, ("示例.md", LIGHTHOUSES.encode())).status_code == 403
    assert not PendingText.objects.exists()


def test_confirming_by_a_link_is_not_possible(town):
    client = login(town.of(town.city, Role.ADMIN))
    assert client.get(reverse("law:import_confirm")).status_code == 405
    assert client.get(reverse("law:import_discard")).status_code == 405


def test_nothing_is_in_the_library_until_it_is_confirmed(town):
    administrator = town.of(town.city, Role.ADMIN)
    client = login(administrator)
    response = upload(client, ("示例灯塔法.md", LIGHTHOUSES.encode()), ("坏.md", b"x"), ("浮标.docx", word(BUOYS)))
    shown = response.content.decode()
    assert "导入2个文件" in shown
    assert "缺少标题" in shown
    assert StatuteText.objects.count() == 0
    done = client.post(reverse("law:import_confirm")).content.decode()
    assert done.count("已导入") == 2
    assert done.count("不能导入") == 1
    assert {text.title for text in StatuteText.objects.all()} == {"中华人民共和国示例灯塔法", "示例浮标管理条例"}
    assert not PendingText.objects.exists()
    entry = Entry.objects.filter(chain__startswith="law.statute/").first()
    assert administrator.name in str(entry.body)
    again = upload(client, ("示例灯塔法.md", LIGHTHOUSES.encode())).content.decode()
    assert "没有变化" in again
    assert "导入1个文件" not in again


def test_what_one_administrator_uploads_the_other_neither_sees_nor_confirms(town):
    first = login(town.of(town.city, Role.ADMIN))
    other = login(town.of(town.east, Role.ADMIN))
    upload(first, ("示例灯塔法.md", LIGHTHOUSES.encode()))
    assert "示例灯塔法.md" not in other.get(reverse("law:import")).content.decode()
    other.post(reverse("law:import_confirm"))
    other.post(reverse("law:import_discard"))
    assert StatuteText.objects.count() == 0
    assert PendingText.objects.count() == 1
    first.post(reverse("law:import_discard"))
    assert not PendingText.objects.exists()


def test_a_bad_upload_is_told_at_its_field(town):
    client = login(town.of(town.city, Role.ADMIN))
    response = client.post(reverse("law:import"), {})
    assert response.status_code == 422
    assert "请选择要导入的文件" in response.content.decode()
    two = [("甲.md", LIGHTHOUSES.encode()), ("乙.md", LIGHTHOUSES.encode())]
    assert "一次上传一个" in upload(client, *two, since="2024-01-01").content.decode()
    undated = b"# \xe7\xa4\xba\xe4\xbe\x8b\xe8\xa7\x84\xe5\xae\x9a\n\xe7\xac\xac\xe4\xb8\x80\xe6\x9d\xa1 \xe7\x94\xb2\n"
    assert "看不出施行日期" in upload(client, ("甲.md", undated)).content.decode()
    assert "导入1个文件" in upload(client, ("甲.md", undated), since="2024-01-01").content.decode()


def test_an_article_names_the_steps_conditions_and_periods_that_rest_on_it(client):
    shown = client.get(reverse("law:article", args=["APL", "58"])).content.decode()
    assert "本条在系统中的落实" in shown
    assert "法制审核：依据" in shown
    assert "作出处罚决定：条件“法制审核已通过”" in shown
    assert reverse("procedure:procedure", args=["penalty.ordinary"]) in shown
    period = client.get(reverse("law:article", args=["APL", "60"])).content.decode()
    assert "期间“作出处罚决定" in period
    assert "法制审核：依据" in client.get(reverse("law:statute", args=["APL"])).content.decode()


def test_the_search_of_the_shell_finds_articles_too(town):
    client = login(town.of(town.city, Role.ADMIN))
    upload(client, ("示例灯塔法.md", LIGHTHOUSES.encode()))
    client.post(reverse("law:import_confirm"))
    officer = login(town.of(town.city, Role.CASE_OFFICER))
    with clock.at(DAY):
        found = officer.get(reverse("procedure:search"), {"q": "视力良好"}).content.decode()
        cited = officer.get(reverse("procedure:search"), {"q": "安法99"}).content.decode()
    assert "《示例灯塔法》第三条" in found
    assert "没有找到" not in found
    assert reverse("law:article", args=["WSL", "99"]) in cited
