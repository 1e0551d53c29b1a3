import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.kernel.hashing import keyed
from fadu.org.models import Division
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.record.models import Entry
from fadu.subject import queries, services
from fadu.subject.models import Contact, Industry, Subject
from fadu.subject.services import ContactEntry
from fadu.subject.tests import universe

pytestmark = pytest.mark.django_db
RESIDENT = "11010519491231002X"  # the example in GB 11643
KEEPERS = {Role.CLERK, Role.CASE_OFFICER, Role.REVIEWER}  # the bureau's rule


@pytest.fixture
def town() -> people.Town:
    return people.build()


def person(organ, **more):
    return universe.facts(organ, "王示三", kind="person", uscc="", legal_representative="", id_number=RESIDENT, **more)


def test_the_industries_are_20_sections_and_97_divisions():
    """GB/T 4754-2017"""
    codes = list(Industry.objects.values_list("code", flat=True))
    assert sum(len(code) == 1 for code in codes) == 20
    assert [int(code[1:]) for code in sorted(codes, key=lambda c: c[1:]) if len(code) == 3] == list(range(1, 98))
    assert Industry.objects.get(code="B06").name == "煤炭开采和洗选业"


class TestRegister:
    """登记"""

    @pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
    def test_keepers_of_the_organ_may_and_nobody_else(self, town, role):
        if role in KEEPERS:
            assert universe.enterprise(town.east, by=town.of(town.east, role)).pk
        else:
            with pytest.raises(NotCompetent):
                universe.enterprise(town.east, by=town.of(town.east, role))

    @pytest.mark.parametrize("role", sorted(KEEPERS, key=lambda r: r.value), ids=lambda role: role.title)
    def test_keepers_of_another_organ_may_not(self, town, role):
        for place in (town.city, town.west):
            with pytest.raises(NotCompetent, match="示例东区应急管理局"):
                universe.enterprise(town.east, by=town.of(place, role))

    def test_it_stands_in_the_record_and_in_the_history(self, town):
        subject = universe.enterprise(town.east, by=town.of(town.east, Role.CLERK))
        body = json.loads(Entry.objects.get(chain=f"subject/{subject.pk}").body)
        assert body["act"] == "subject.register"
        assert body["after"]["统一社会信用代码"] == subject.uscc
        assert body["actor"]["organ"] == "示例东区应急管理局"
        assert subject.changes.get().by == town.of(town.east, Role.CLERK)

    def test_one_code_is_entered_once_in_the_whole_city(self, town):
        universe.enterprise(town.east)
        with pytest.raises(Invalid) as refused:
            universe.enterprise(town.west, name="乙川化工有限公司")
        assert "已经登记：甲山矿业有限公司，由示例东区应急管理局监管" in refused.value.field_errors["uscc"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Subject.objects.create(**universe.facts(town.west))

    @pytest.mark.parametrize(
        ("more", "field", "told"),
        [
            ({"uscc": "91350100M000100Y44"}, "uscc", "校验位不对"),
            ({"uscc": ""}, "uscc", "确实没有的"),
            ({"kind": "individual_business"}, "uscc", "以92开头"),
            ({"uscc": universe.code(7, "92")}, "uscc", "个体工商户"),
            ({"name": ""}, "name", "。"),
            ({"legal_representative": ""}, "legal_representative", "法定代表人"),
            ({"longitude": "113.1"}, "latitude", "要么都填"),
            ({"longitude": "200", "latitude": "36"}, "longitude", "73到136"),
            ({"postcode": "0460"}, "postcode", "6位"),
            ({"workforce": -1}, "workforce", ""),
            ({"sector": "banking"}, "sector", ""),
        ],
    )
    def test_what_is_wrong_is_told_at_the_field(self, town, more, field, told):
        with pytest.raises(Invalid) as refused:
            universe.enterprise(town.east, **more)
        assert told in refused.value.field_errors[field]
        assert not Subject.objects.exists()
        assert not Entry.objects.filter(chain__startswith="subject/").exists()

    def test_an_unlicensed_business_is_entered_with_the_reason(self, town):
        subject = universe.enterprise(town.east, name="无名采石点", uscc="", no_code_reason="未办理营业执照")
        assert subject.uscc == ""
        again = universe.enterprise(town.east, name="又一无名采石点", uscc="", no_code_reason="未办理营业执照")
        assert again.pk != subject.pk

    def test_the_code_is_kept_as_the_standard_writes_it(self, town):
        assert universe.enterprise(town.east, uscc=f" {universe.code(3).lower()} ").uscc == universe.code(3)


class TestPersons:
    """个人当事人"""

    def test_birth_and_sex_follow_from_the_number(self, town):
        subject = services.register(person(town.east), by=None)
        assert (subject.born_on, subject.sex, subject.id_kind) == (date(1949, 12, 31), "female", "resident")
        assert subject.age(date(2026, 12, 30)) == 76
        assert subject.age(date(2026, 12, 31)) == 77

    def test_the_number_is_neither_in_the_record_nor_in_the_history(self, town):
        subject = services.register(person(town.east), by=None)
        body = Entry.objects.get(chain=f"subject/{subject.pk}").body
        assert RESIDENT not in body
        assert keyed(RESIDENT) in body
        assert RESIDENT not in json.dumps(subject.changes.get().after)
        assert subject.masked_id_number == "110105***********X"

    def test_a_change_of_number_keeps_both_as_hashes(self, town):
        subject = services.register(person(town.east), by=None)
        other = "440524188001010014"
        services.update(subject, {"id_number": other}, by=None, reason="核对身份证")
        entry = Entry.objects.filter(chain=f"subject/{subject.pk}").latest("seq")
        body = json.loads(entry.body)
        assert body["before"]["证件号码"]["keyed"] == keyed(RESIDENT)
        assert body["after"]["证件号码"]["keyed"] == keyed(other)

    def test_a_passport_needs_no_check_digit_but_a_sex(self, town):
        with pytest.raises(Invalid) as refused:
            services.register(person(town.east) | {"id_kind": "passport", "id_number": "E12345678"}, by=None)
        assert set(refused.value.field_errors) == {"sex"}

    def test_a_person_who_shows_no_paper_is_entered_with_the_reason(self, town):
        facts = person(town.east) | {"id_number": "", "sex": "male", "no_code_reason": "拒不提供证件"}
        assert services.register(facts, by=None).id_kind == ""

    def test_one_number_is_entered_once_and_the_answer_names_no_person(self, town):
        services.register(person(town.east), by=None)
        with pytest.raises(Invalid) as refused:
            services.register(person(town.west) | {"name": "李示四"}, by=None)
        assert "示例东区应急管理局" in refused.value.field_errors["id_number"]
        assert "王示三" not in refused.value.field_errors["id_number"]


class TestUpdate:
    """变更"""

    @pytest.fixture
    def subject(self, town) -> Subject:
        contacts = [ContactEntry("principal", "13912345678", "赵示甲")]
        return universe.enterprise(town.east, contacts=contacts)

    def test_what_changed_stands_before_and_after_with_reason_and_name(self, town, subject):
        clerk = town.of(town.east, Role.CLERK)
        services.update(subject, {"risk": "2", "name": subject.name}, by=clerk, reason="重新分级")
        change = subject.changes.first()
        assert (change.before, change.after) == ({"风险等级": "红（重大风险）"}, {"风险等级": "橙（较大风险）"})
        assert (change.by_name, change.reason, change.by) == (clerk.name, "重新分级", clerk)
        entry = json.loads(Entry.objects.filter(chain=f"subject/{subject.pk}").latest("seq").body)
        assert entry["after"] == {"风险等级": "橙（较大风险）"}

    def test_without_a_difference_nothing_is_written(self, subject):
        services.update(subject, {"name": subject.name}, by=None, reason="核对")
        assert subject.changes.count() == 1
        assert Subject.objects.get().version == 1

    def test_a_reason_is_asked_for(self, subject):
        with pytest.raises(Invalid) as refused:
            services.update(subject, {"risk": "2"}, by=None, reason=" ")
        assert "reason" in refused.value.field_errors

    def test_two_people_at_once_the_second_is_told(self, town, subject):
        services.update(subject, {"risk": "2"}, by=town.of(town.east, Role.CLERK), reason="重新分级", version=1)
        with pytest.raises(OutOfOrder, match=f"{town.of(town.east, Role.CLERK).name}已经修改"):
            services.update(subject, {"risk": "3"}, by=None, reason="重新分级", version=1)
        assert Subject.objects.get().risk == "2"

    def test_telephone_numbers_never_enter_record_or_history(self, subject):
        services.update(
            subject, {}, by=None, reason="换电话", contacts=[ContactEntry("principal", "13987654321", "赵示甲")]
        )
        assert subject.contacts.get().phone == "13987654321"
        written = [entry.body for entry in Entry.objects.filter(chain=f"subject/{subject.pk}")]
        written += [json.dumps([change.before, change.after]) for change in subject.changes.all()]
        assert not [text for text in written if "139" in text]
        assert subject.changes.first().after["联系人"] == "主要负责人赵示甲（电话有变动）"

    def test_a_wrong_telephone_number_is_refused(self, subject):
        with pytest.raises(Invalid) as refused:
            services.update(subject, {}, by=None, reason="换电话", contacts=[ContactEntry("principal", "139123456")])
        assert "第1个联系人" in refused.value.field_errors["contacts"]
        assert subject.contacts.get().phone == "13912345678"

    def test_an_id_number_typed_into_the_reason_is_refused_and_nothing_is_kept(self, subject):
        from fadu.kernel.errors import Refused

        with pytest.raises(Refused, match="身份证"), transaction.atomic():
            services.update(subject, {"risk": "2"}, by=None, reason=f"核对{RESIDENT}")
        assert Subject.objects.get().risk == "1"

    def test_another_organs_clerk_may_not(self, town, subject):
        for place in (town.city, town.west):
            with pytest.raises(NotCompetent):
                services.update(subject, {"risk": "2"}, by=town.of(place, Role.CLERK), reason="重新分级")

    def test_the_present_organ_hands_a_subject_over(self, town, subject):
        services.update(subject, {"organ": town.west}, by=town.of(town.east, Role.CLERK), reason="迁址")
        assert not queries.may_keep(town.of(town.east, Role.CLERK), Subject.objects.get())
        assert queries.may_keep(town.of(town.west, Role.CLERK), Subject.objects.get())

    def test_an_unknown_field_is_a_mistake_of_the_program(self, subject):
        with pytest.raises(KeyError):
            services.update(subject, {"colour": "red"}, by=None, reason="核对")


class TestSearch:
    """按名称、代码查找"""

    @pytest.fixture(autouse=True)
    def _enterprises(self, town):
        universe.enterprise(town.east, "甲山矿业有限公司", 1)
        universe.enterprise(town.east, "乙川 ABC 化工有限公司", 2, sector="hazchem")
        universe.enterprise(town.east, "丙100%建材厂", 3)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("山矿", {"甲山矿业有限公司"}),
            ("矿", {"甲山矿业有限公司"}),
            ("矿山", set()),
            ("ABC化工", {"乙川 ABC 化工有限公司"}),
            ("川abc 化工", {"乙川 ABC 化工有限公司"}),
            ("公司9114", set()),
            ("abc", {"乙川 ABC 化工有限公司"}),
            ("ＡＢＣ", {"乙川 ABC 化工有限公司"}),
            ("0%建", {"丙100%建材厂"}),
            ("_", set()),
            (universe.code(2)[9:].lower(), {"乙川 ABC 化工有限公司"}),
            (f"{universe.code(2)[:8]}-{universe.code(2)[8:]}", {"乙川 ABC 化工有限公司"}),
            ("有限公司", {"甲山矿业有限公司", "乙川 ABC 化工有限公司"}),
            ("  ", {"甲山矿业有限公司", "乙川 ABC 化工有限公司", "丙100%建材厂"}),
        ],
    )
    def test_a_part_of_name_or_code_finds_it(self, text, found):
        assert set(queries.search(Subject.objects.all(), text).values_list("name", flat=True)) == found

    def test_a_new_name_is_found_and_the_old_is_not(self):
        subject = Subject.objects.get(name="甲山矿业有限公司")
        services.update(subject, {"name": "丁岭矿业有限公司"}, by=None, reason="更名")
        assert queries.search(Subject.objects.all(), "丁岭").get() == subject
        assert not queries.search(Subject.objects.all(), "甲山").exists()

    def test_a_code_is_found_in_any_spelling(self):
        assert queries.by_uscc(f" {universe.code(1).lower()}").name == "甲山矿业有限公司"
        assert queries.by_uscc("") is None

    def test_within_a_division_counts_all_below(self, town):
        universe.enterprise(town.east, "戊台粉体有限公司", 4, division=Division.objects.get(code="140403103"))
        assert queries.within(Subject.objects.all(), "140403").count() == 4
        assert queries.within(Subject.objects.all(), "140403103").count() == 1
        assert queries.within(Subject.objects.all(), "140404").count() == 0

    def test_the_index_is_used_for_large_tables(self, django_db_blocker):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            # the only other way, by the order of names, reads every row as well; a GIN index is read by bitmap
            cursor.execute("SET LOCAL enable_indexscan = off")
        plan = queries.search(Subject.objects.all(), "山矿").explain()
        assert "subject_grams" in plan


def test_contacts_are_kept_with_their_roles(town):
    entries = [ContactEntry("duty", "0355-2012345"), ContactEntry("safety", "13912345678", "钱示")]
    subject = universe.enterprise(town.east, contacts=entries)
    assert [(c.role, c.name, c.masked_phone) for c in Contact.objects.filter(subject=subject)] == [
        ("duty", "", "035****2345"),
        ("safety", "钱示", "139****5678"),
    ]
