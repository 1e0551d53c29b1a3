"""Areas against divisions: codes exactly, shapes by points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.warning.cap.area import contains, covered, distance, in_circle, in_polygon, short, under
from fadu.warning.cap.message import Area, Circle, Named, Polygon
from fadu.warning.cap.tests.messages import UNHURRIED

# an invented province 99: a city, two counties, three townships, one village
POINTS = {
    "99": (36.5, 113.0),
    "9901": (36.2, 113.1),
    "990101": (36.1, 113.1),
    "990102": (36.9, 113.9),
    "990101001": (36.12, 113.12),
    "990101002": (36.3, 113.3),
    "990102001": None,
    "990101001003": (36.11, 113.11),
}
BOX = Polygon(((36.0, 113.0), (36.0, 113.2), (36.2, 113.2), (36.2, 113.0), (36.0, 113.0)))


def geocodes(*values: str) -> Area:
    return Area("示例", geocodes=tuple(Named("行政区划代码", value) for value in values))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("140400000000", "1404"), ("140400", "1404"), ("1404", "1404"), ("140423", "140423"), ("140423000000", "140423"),
        ("140423001000", "140423001"), ("140423001001", "140423001001"), ("140000", "14"), (" 140423 ", "140423"),
        ("14042", None), ("SAME006037", None), ("", None), ("１４０４", None),
    ],
)  # fmt: skip
def test_a_code_is_the_same_with_and_without_its_zeros(code: str, expected: str | None) -> None:
    assert short(code) == expected


def test_a_code_covers_all_that_lies_under_it() -> None:
    assert under("990101000000", POINTS) == {"990101", "990101001", "990101002", "990101001003"}
    assert under("990000000000", POINTS) == set(POINTS)
    assert covered(geocodes("990102", "990101001003"), POINTS).exact == {"990102", "990102001", "990101001003"}


def test_an_unknown_code_is_flagged_and_what_contains_it_is_covered() -> None:
    found = covered(geocodes("990101001999", "110000", "006037", "x"), POINTS)
    assert found.exact == {"990101001"}
    assert found.unknown == ("990101001999", "110000", "006037", "x")


def test_shapes_find_the_points_inside_and_say_what_has_none() -> None:
    found = covered(Area("示例", polygons=(BOX,), circles=(Circle((36.9, 113.9), 1.0),)), POINTS)
    assert found.exact == frozenset()
    assert found.near == {"9901", "990101", "990101001", "990101001003", "990102"}
    assert found.undecided == {"990102001"}


def test_what_a_code_names_is_not_also_approximate() -> None:
    area = Area("示例", polygons=(BOX,), geocodes=(Named("", "990101"),))
    found = covered(area, POINTS)
    assert found.near == {"9901"}
    assert found.divisions == {"9901", "990101", "990101001", "990101002", "990101001003"}


def test_distances_are_those_of_the_globe() -> None:
    # a degree of latitude is 111.195 km on the mean sphere; 1/360 of the equator 111.195 km; pole to pole half the circle
    assert distance((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.001)
    assert distance((0, 10), (0, 11)) == pytest.approx(111.195, abs=0.001)
    assert distance((90, 0), (-90, 0)) == pytest.approx(20015.1, abs=0.1)
    assert distance((60, 0), (60, 1)) == pytest.approx(55.597, abs=0.01)  # half as much at 60 degrees


def test_the_edge_belongs_to_a_circle_and_to_a_polygon() -> None:
    assert in_circle((36.0, 113.0), Circle((36.0, 113.0), 0.0))
    for point in BOX.points:
        assert in_polygon(point, BOX)
    assert in_polygon((36.0, 113.1), BOX)
    assert not in_polygon((36.2001, 113.1), BOX)


def test_a_polygon_with_a_bay_does_not_hold_the_bay() -> None:
    bay = Polygon(((0, 0), (0, 4), (4, 4), (4, 3), (1, 3), (1, 1), (4, 1), (4, 0), (0, 0)))
    assert in_polygon((0.5, 2), bay)
    assert not in_polygon((2, 2), bay)
    assert in_polygon((3, 3.5), bay)


def test_two_polygons_are_a_union_and_make_no_hole() -> None:
    inner = Polygon(((36.05, 113.05), (36.05, 113.15), (36.15, 113.15), (36.15, 113.05), (36.05, 113.05)))
    assert contains(Area("示例", polygons=(BOX, inner)), (36.1, 113.1))  # §3.2.4 area (2)


@UNHURRIED
@given(
    st.floats(-80, 80), st.floats(-170, 170), st.floats(0.001, 5), st.floats(0.001, 5), st.floats(0, 1), st.floats(0, 1)
)
def test_a_point_of_a_box_is_in_it_and_one_beside_it_is_not(
    lat: float, lon: float, h: float, w: float, up: float, right: float
) -> None:
    box = Polygon(((lat, lon), (lat, lon + w), (lat + h, lon + w), (lat + h, lon), (lat, lon)))
    assert in_polygon((min(lat + up * h, lat + h), min(lon + right * w, lon + w)), box)
    assert not in_polygon((lat + up * h, lon + w * 1.5 + 0.001), box)
    assert not in_polygon((lat - h * 0.5 - 0.001, lon + right * w), box)
