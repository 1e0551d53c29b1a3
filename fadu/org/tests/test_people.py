from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import queries, services
from fadu.org.models import Appointment, Certificate, Division, LegalQualification, Officer, Post
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


def test_every_role_has_a_title_and_a_paragraph_for_managers():
    assert [role.title for role in Role][:5] == [
        "承办执法人员",
        "审核人",
        "法制审核人员",
        "行政机关负责人",
        "主要负责人（正职）",
    ]
    assert all(len(role.meaning) > 40 and role.meaning.endswith("。") for role in Role)


class TestContent:
    """行政区划"""

    def test_the_city_has_12_counties_149_townships_and_2628_villages(self):
        counts = {level: Division.objects.filter(level=level).count() for level in ("county", "township", "village")}
        assert counts == {"county": 12, "township": 149, "village": 2628}  # data/divisions, as its readme counts them

    def test_the_full_name_runs_from_the_province_down(self):
        assert Division.objects.get(code="140403103").full_name == "山西省长治市潞州区马厂镇"

    def test_within_the_city_it_runs_from_the_county_down(self):
        assert Division.objects.get(code="140403103").local_name == "潞州区马厂镇"
        assert Division.objects.get(code="140403001001").local_name == "潞州区东街街道和平社区居委会"
        assert Division.objects.get(code="1404").local_name == "长治市"

    def test_loading_again_changes_nothing(self):
        before = list(Division.objects.values_list())
        services.load_content()
        assert list(Division.objects.values_list()) == before


class TestAppointments:
    """任职"""

    def test_the_same_post_twice_at_a_time_is_refused_in_chinese(self, town):
        person = town.of(town.city, Role.CLERK)
        post = person.appointments.get().post
        with pytest.raises(Invalid) as refused:
            services.appoint(person, post, starts_on=MONDAY)
        assert "已经任这个岗位" in refused.value.field_errors["starts_on"]

    def test_the_database_refuses_it_too(self, town):
        held = town.of(town.city, Role.CLERK).appointments.get()
        with pytest.raises(IntegrityError, match="任职重叠"), transaction.atomic():
            Appointment.objects.create(officer=held.officer, post=held.post, starts_on=MONDAY)

    def test_one_organ_has_one_head_at_a_time(self, town):
        deputy = town.of(town.city, Role.AGENCY_HEAD)
        post = Post.objects.create(organ=town.city, title="副局长", roles=["agency_head"])
        with pytest.raises(Invalid, match="已经是示例市应急管理局的正职"):
            services.appoint(deputy, post, starts_on=MONDAY, acting=True)
        with pytest.raises(IntegrityError, match="只有一位正职"), transaction.atomic():
            Appointment.objects.create(officer=deputy, post=post, starts_on=MONDAY, acting=True)

    def test_the_day_after_the_last_day_is_free_again(self, town):
        head = town.of(town.city, Role.PRINCIPAL_HEAD)
        held = services.dismiss(head.appointments.get(), last_day=date(2026, 11, 22))
        services.appoint(town.of(town.city, Role.CLERK), held.post, starts_on=MONDAY)
        assert Role.PRINCIPAL_HEAD in queries.roles_of(head, date(2026, 11, 22))
        assert Role.PRINCIPAL_HEAD not in queries.roles_of(head, MONDAY)

    def test_whoever_is_in_charge_for_the_time_has_the_principals_role(self, town):
        services.dismiss(town.of(town.city, Role.PRINCIPAL_HEAD).appointments.get(), last_day=date(2026, 10, 31))
        deputy = town.of(town.city, Role.AGENCY_HEAD)
        services.dismiss(deputy.appointments.get(), last_day=date(2026, 10, 31))
        services.appoint(deputy, deputy.appointments.get().post, starts_on=date(2026, 11, 1), acting=True)
        assert queries.roles_of(deputy, MONDAY) == {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD}
        assert list(queries.officers_with(Role.PRINCIPAL_HEAD, town.city, MONDAY)) == [deputy]
        assert queries.actor(deputy, MONDAY).post == "行政机关负责人（主持工作）"

    def test_only_a_head_can_be_in_charge(self, town):
        services.dismiss(town.of(town.city, Role.PRINCIPAL_HEAD).appointments.get(), last_day=date(2026, 10, 31))
        post = Post.objects.create(organ=town.city, title="科员", roles=["clerk"])
        with pytest.raises(Invalid, match="应当是行政机关负责人"):
            services.appoint(town.of(town.city, Role.CLERK), post, starts_on=MONDAY, acting=True)

    def test_dates_in_the_wrong_order_are_refused_twice(self, town):
        held = town.of(town.city, Role.CLERK).appointments.get()
        with pytest.raises(Invalid, match="早于任职之日"):
            services.dismiss(held, last_day=date(2019, 12, 31))
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(pk=held.pk).update(ends_on=date(2019, 12, 31))

    def test_an_appointment_stands_in_the_record(self, town):
        person = town.of(town.city, Role.CLERK)
        entry = Entry.objects.get(chain=f"org.officer/{person.pk}")
        assert "内勤" in entry.body
        assert "示例市应急管理局" in entry.body

    @settings(deadline=None)
    @given(day=st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 1, 1)))
    def test_the_roles_of_a_day_are_those_of_the_posts_held_that_day(self, day):
        """Property: both ends of an appointment are included, no day outside them is."""
        with transaction.atomic():
            person = Officer.objects.create(name="赵示", sex="female")
            organ = universe.organ("示例县应急管理局", "县局", "晋示县", "140423")
            post = Post.objects.create(organ=organ, title="科员", roles=["clerk"])
            services.appoint(person, post, starts_on=date(2022, 3, 1), ends_on=date(2024, 2, 29))
            held = date(2022, 3, 1) <= day <= date(2024, 2, 29)
            assert (Role.CLERK in queries.roles_of(person, day)) is held
            assert (person in queries.officers_with(Role.CLERK, organ, day)) is held
            transaction.set_rollback(True)


class TestCertificates:
    """执法证件：《行政处罚法》第四十二条"""

    @pytest.fixture
    def certificate(self, town) -> Certificate:
        return services.issue_certificate(
            town.of(town.east, Role.CASE_OFFICER),
            number="140403001",
            issuer="示例省人民政府",
            valid_from=date(2024, 1, 1),
            valid_to=date(2026, 12, 31),
        )

    @pytest.mark.parametrize(
        ("day", "valid"),
        [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
    )
    def test_it_is_valid_from_its_first_to_its_last_day(self, certificate, day, valid):
        assert (queries.valid_certificate(certificate.officer, day) == certificate) is valid
        assert certificate.is_valid(day) is valid
        in_list = certificate.officer in queries.certified_officers(
            certificate.officer.appointments.get().post.organ, day
        )
        assert in_list is valid

    def test_a_certificate_taken_back_is_not_valid_on_that_day_any_more(self, certificate):
        services.revoke_certificate(certificate, reason="调离执法岗位", on=MONDAY)
        assert queries.valid_certificate(certificate.officer, MONDAY) is None
        assert queries.valid_certificate(certificate.officer, date(2026, 11, 22)) == certificate
        assert certificate.state(MONDAY) == Certificate.State.REVOKED

    def test_taking_back_needs_a_reason(self, certificate):
        with pytest.raises(Invalid, match="写明原因"):
            services.revoke_certificate(certificate, reason=" ", on=MONDAY)

    def test_two_months_before_its_end_it_is_shown_as_nearly_over(self, certificate):
        assert certificate.state(date(2026, 10, 1)) == Certificate.State.VALID
        assert certificate.state(date(2026, 11, 23)) == Certificate.State.EXPIRING
        assert certificate.state(date(2027, 1, 1)) == Certificate.State.EXPIRED

    def test_a_number_is_given_once(self, certificate, town):
        with pytest.raises(Invalid) as refused:
            services.issue_certificate(
                town.of(town.west, Role.CASE_OFFICER),
                number="140403001",
                issuer="示例省人民政府",
                valid_from=date(2024, 1, 1),
                valid_to=date(2026, 12, 31),
            )
        assert "number" in refused.value.field_errors


class TestLegalReview:
    """初次从事法制审核的人员的资格：《行政处罚法》第五十八条第二款"""

    def test_who_begins_now_needs_the_qualification_on_the_day(self, town):
        reviewer = town.of(town.city, Role.LEGAL_REVIEWER)
        assert not queries.qualified_for_review(reviewer, MONDAY)
        LegalQualification.objects.create(officer=reviewer, number="A20241404001", obtained_on=MONDAY)
        assert queries.qualified_for_review(reviewer, MONDAY)
        assert not queries.qualified_for_review(reviewer, date(2026, 11, 22))

    def test_who_began_before_2018_does_not(self, town):
        reviewer = town.of(town.city, Role.LEGAL_REVIEWER)
        reviewer.legal_review_since = date(2017, 12, 31)
        assert queries.qualified_for_review(reviewer, MONDAY)
        reviewer.legal_review_since = date(2018, 1, 1)
        assert not queries.qualified_for_review(reviewer, MONDAY)


class TestActor:
    """Who stands in the record"""

    def test_of_several_posts_the_one_that_acts_is_named(self, town):
        person = town.of(town.east, Role.CLERK)
        post = Post.objects.create(organ=town.city, title="执法一科科员", roles=["case_officer"])
        services.appoint(person, post, starts_on=MONDAY)
        assert queries.actor(person, MONDAY).organ == "示例东区应急管理局"
        assert queries.actor(person, MONDAY, organ=town.city).post == "执法一科科员"
        assert queries.actor(person, MONDAY, role=Role.CASE_OFFICER).organ == "示例市应急管理局"

    def test_without_an_officer_the_system_acts(self):
        assert queries.actor(None, MONDAY).name == "系统"


def test_what_a_person_may_is_asked_for_the_day_of_the_clock(town):
    person = town.of(town.city, Role.AGENCY_HEAD)
    with clock.at(date(2019, 6, 1)):
        assert queries.scope(person).organs == frozenset()
