"""The second factor: codes as RFC 6238 has them, each once; recovery codes; who has to have one."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import services
from fadu.org.models import LoginRecord, RecoveryCode, SecondFactor, User
from fadu.org.roles import Role
from fadu.org.services import factor
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING)


@pytest.fixture
def town():
    return universe.build()


@pytest.fixture
def user(town) -> User:
    return universe.account(town.of(town.city, Role.CLERK), "lishi")


def code(user: User, moment: datetime) -> str:
    """What the phone shows at that moment: from the address in the QR code, by another program than ours."""
    return pyotp.parse_uri(factor.address_of(user.second_factor)).at(int(moment.timestamp()))


@pytest.fixture
def codes(user) -> list[str]:
    """The recovery codes of a user who enrolled at nine."""
    with clock.at(NINE):
        factor.begin(user)
        return factor.confirm(user, code(user, NINE))


def first_step(client: Client, moment: datetime) -> None:
    with clock.at(moment):
        response = client.post("/login/", {"username": "lishi", "password": universe.PASSWORD, "next": "/people/"})
    assert response["Location"] == "/login/code/"


def second_step(client: Client, given: str, moment: datetime):
    with clock.at(moment):
        return client.post("/login/code/", {"code": given})


def test_the_codes_are_those_of_rfc_6238(user):
    """Appendix B, SHA1, the secret 12345678901234567890: at 1111111109 the last six digits are 081804."""
    factor.begin(user)
    row = user.second_factor
    row.secret = factor._cipher().encrypt(b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").decode()
    row.save()
    with clock.at(datetime.fromtimestamp(1111111109, UTC)):
        with pytest.raises(Invalid):
            factor.confirm(user, "081805")
        assert len(factor.confirm(user, "081804")) == 10


def test_password_alone_opens_nothing_and_the_code_does(client, user, codes):
    later = NINE + timedelta(minutes=5)
    first_step(client, later)
    assert client.get("/people/").status_code == 302
    assert second_step(client, "000000", later).status_code == 422
    assert client.get("/people/").status_code == 302
    response = second_step(client, code(user, later), later)
    assert (response.status_code, response["Location"]) == (302, "/people/")
    with clock.at(later):
        assert client.get("/people/").status_code == 200
    outcomes = list(LoginRecord.objects.order_by("id").values_list("outcome", "reason"))
    assert outcomes[-3:] == [("code", ""), ("failure", "wrong_code"), ("success", "")]


def test_a_code_is_taken_once(user, codes):
    later = NINE + timedelta(minutes=5)
    shown = code(user, later)
    first, second = Client(), Client()
    first_step(first, later)
    first_step(second, later)
    assert second_step(first, shown, later).status_code == 302
    assert second_step(second, shown, later).status_code == 422


def test_a_clock_half_a_minute_off_is_forgiven_and_a_minute_more_is_not(client, user, codes):
    later = NINE + timedelta(minutes=5)
    first_step(client, later)
    assert second_step(client, code(user, later - timedelta(seconds=90)), later).status_code == 422
    assert second_step(client, code(user, later - timedelta(seconds=30)), later).status_code == 302


def test_guessing_codes_locks_the_name_although_the_password_was_right(client, user, codes):
    later = NINE + timedelta(minutes=5)
    first_step(client, later)
    for number in range(5):
        assert second_step(client, f"00000{number}", later).status_code == 422
    assert second_step(client, code(user, later), later).status_code == 422
    fresh = Client()
    with clock.at(later):
        page = fresh.post("/login/", {"username": "lishi", "password": universe.PASSWORD}).content.decode()
    assert "已暂停登录" in page


def test_the_password_again_and_again_does_not_forgive_wrong_codes(user, codes):
    later = NINE + timedelta(minutes=5)
    for number in range(5):
        fresh = Client()
        first_step(fresh, later)
        second_step(fresh, f"00000{number}", later)
    with clock.at(later):
        assert services.check_login("lishi", universe.PASSWORD).locked_until is not None


def test_the_second_step_is_open_for_five_minutes_and_only_for_this_password(client, user, codes):
    first_step(client, NINE + timedelta(minutes=10))
    late = NINE + timedelta(minutes=15, seconds=1)
    assert second_step(client, code(user, late), late)["Location"] == "/login/"
    first_step(client, late)
    services.change_password(user, "Shan-lu-7-deng")
    assert second_step(client, code(user, late), late)["Location"] == "/login/"


def test_a_recovery_code_opens_once_in_any_spelling(user, codes):
    later = NINE + timedelta(minutes=5)
    one, again = Client(), Client()
    first_step(one, later)
    assert second_step(one, codes[0].upper().replace("-", " "), later).status_code == 302
    first_step(again, later)
    assert second_step(again, codes[0], later).status_code == 422
    assert LoginRecord.objects.filter(outcome="success", reason="recovery").count() == 1
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_neither_the_secret_nor_a_recovery_code_lies_in_the_database_in_clear(user, codes):
    row = SecondFactor.objects.get(user=user)
    assert factor.secret_of(row) not in row.secret
    kept = str(list(RecoveryCode.objects.values_list()))
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)


def test_an_unproved_secret_stands_before_nobody(client, user):
    factor.begin(user)
    assert client.post("/login/", {"username": "lishi", "password": universe.PASSWORD})["Location"] != "/login/code/"


def test_looking_at_the_page_makes_no_secret(client, user):
    client.force_login(user)
    assert client.get(reverse("org:factor")).status_code == 200
    assert not SecondFactor.objects.exists()


def test_changing_the_factor_asks_for_both_factors_again(client, user, codes):
    later = NINE + timedelta(minutes=5)
    with clock.at(later):
        client.force_login(user)
        form = {"what": "remove", "password": "不对的", "code": code(user, later)}
        assert client.post(reverse("org:renew_factor"), form).status_code == 422
        form |= {"password": universe.PASSWORD, "code": "000000"}
        assert client.post(reverse("org:renew_factor"), form).status_code == 422
        assert factor.has_factor(user)
        form |= {"code": code(user, later)}
        assert client.post(reverse("org:renew_factor"), form).status_code == 302
    assert not factor.has_factor(user)


def test_new_recovery_codes_end_the_old_ones(client, user, codes):
    later = NINE + timedelta(minutes=5)
    with clock.at(later):
        client.force_login(user)
        form = {"what": "codes", "password": universe.PASSWORD, "code": code(user, later)}
        page = client.post(reverse("org:renew_factor"), form).content.decode()
        fresh = re.findall(r"data-fd-code>([^<]+)<", page)
        assert len(fresh) == 10
        assert not set(fresh) & set(codes)
        assert factor.verify(user, codes[0]) is None
        assert factor.verify(user, fresh[0]) == factor.RECOVERY


@pytest.mark.parametrize(("demanded", "stopped"), [("clerk,admin", True), ("*", True), ("agency_head", False)])
def test_roles_of_the_settings_have_to_enrol_before_anything_else(client, user, settings, demanded, stopped):
    settings.TOTP_ROLES = frozenset(demanded.split(","))
    client.force_login(user)
    response = client.get("/people/")
    assert (response.status_code == 302 and response["Location"] == reverse("org:factor")) is stopped
    assert client.get(reverse("org:factor")).status_code == 200
    assert client.get(reverse("org:account")).status_code == 200


def test_the_security_administrator_resets_a_lost_factor_and_nobody_else(client, town, user, codes):
    for role in (Role.ADMIN, Role.AUDITOR, Role.AGENCY_HEAD):
        other = Client()
        other.force_login(universe.account(town.of(town.city, role), role.value))
        assert other.post(reverse("org:act_on_account", args=[user.pk, "factor"])).status_code == 403
    assert factor.has_factor(user)
    client.force_login(universe.account(town.of(town.city, Role.SECURITY), "guard"))
    assert client.post(reverse("org:act_on_account", args=[user.pk, "factor"])).status_code == 302
    assert not factor.has_factor(user)
    assert LoginRecord.objects.filter(outcome="factor", user=user, reason="by_administrator").exists()
