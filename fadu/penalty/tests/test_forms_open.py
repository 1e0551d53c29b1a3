"""Every step of a case has a form that opens, whatever is on record, and asks in Chinese."""

import re

import pytest

from fadu.kernel import clock
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.penalty.tests.universe import SERVED_ON, Bureau, bureau, served
from fadu.procedure import registry

pytestmark = pytest.mark.django_db


def test_every_form_opens_and_names_its_fields_in_chinese() -> None:
    town: Bureau = bureau()
    case = served(town)
    with clock.at(SERVED_ON):
        for name, step in OrdinaryPenalty.steps.items():
            form = registry.forms[step.code](matter=case, officer=town.first, party=1 if step.per_party else None)
            page = str(form) + "".join(str(rows) for _, rows in form.parts)
            assert form.fields or form.parts or not page.strip(), name
            for field in form.fields.values():
                assert re.search("[一-鿿]", str(field.label)), f"{name}: {field.label}"
