"""No case without a penalty item of the list of powers in force that day at the organ, and no provision beyond it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fadu.inspection.tests.test_powers import own_list as _own_list
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.law.statutes import APL, WSL
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.power import queries as powers
from fadu.procedure.controls import approval, record, separation, two_officers

FILING = {"acted_on": "2026-03-01", "place": "示例路1号", "facts": "培训档案缺页。", "persons": []}


@pytest.mark.law(APL[17])
def test_a_case_stands_on_the_item_chosen_at_its_filing(db: None) -> None:
    case = universe.filed(universe.bureau())
    assert case.power is not None
    assert (case.power.code, case.power.bases) == ("B010", ["《安全生产法》第九十七条第四项"])


@pytest.mark.law(APL[17])
@pytest.mark.parametrize("power", ["", "B999", "D001"])
def test_without_a_penalty_item_in_force_no_case_is_filed(db: None, power: str) -> None:
    town = universe.bureau()
    case = universe.clue(town)
    with (
        clock.at(START + timedelta(days=1)),
        pytest.raises((OutOfOrder, Invalid), match="没有选定本机关当日施行的权责清单中的行政处罚事项，不能立案"),
    ):
        town.approve(case, "file", cause=case.cause, power=power, **FILING)
    case.refresh_from_db()
    assert (case.state, case.power) == ("CLUE", None)


@pytest.mark.law(WSL[17])
def test_an_organ_whose_list_has_no_penalties_files_no_case(db: None) -> None:
    town = universe.bureau()
    case = universe.clue(town)
    _own_list(town, date(2026, 1, 1), "行政处罚")  # type: ignore[arg-type]
    with clock.at(START + timedelta(days=1)), pytest.raises(OutOfOrder, match="不能立案（《行政处罚法》第十七条"):
        town.approve(case, "file", cause=case.cause, power="B010", **FILING)


@pytest.mark.law(APL[17])
def test_a_power_lost_before_the_decision_is_missed_at_the_decision(db: None) -> None:
    town = universe.bureau()
    case = universe.considered(town)
    party = case.parties.get()
    assert powers.for_penalty(town.organ, START, WSL[97, None, 4]) is not None
    _own_list(town, date(2026, 3, 20), "行政处罚")  # type: ignore[arg-type]
    from fadu.procedure.queries import facts

    found = facts(case, date(2026, 3, 24))
    assert found.parties[0].power == ""  # type: ignore[attr-defined]
    assert party.provision == "wsl_97_p1_i4"


def test_what_the_machine_controlled_is_counted_from_the_record(db: None) -> None:
    case = universe.filed(universe.bureau())
    # one filing: proposed by two, agreed by the reviewer and the head; the opening and the filing are in the record
    assert two_officers("B010").checked == 1
    assert approval("B010").checked == 1
    assert approval("B010").fired == 0
    assert separation("B010").checked == 3  # two opinions and the decision
    assert record("B010").checked == case.acts.count() == 2
    assert record("B011").checked == 0
