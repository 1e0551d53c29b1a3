"""The small notations inside CAP's elements: moments, coordinate pairs, references, lists; strict, each with its section."""

import math
import re
from datetime import UTC, datetime, timedelta

# §1.5: a pair of decimal values in degrees, "[latitude],[longitude]"; no exponent
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_PAIR = re.compile(rf"({_DECIMAL}),({_DECIMAL})", re.ASCII)
_PAIRS = re.compile(rf"\s*+(?:{_DECIMAL},{_DECIMAL}(?:\s++|\Z))*+", re.ASCII)
_RADIUS = re.compile(_DECIMAL, re.ASCII)
# §3.3.2: "YYYY-MM-DDThh:mm:ssXzh:zm"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)([+-]\d\d:\d\d)", re.ASCII)
_WORD = re.compile(r'"([^"]*)"|(\S+)')
MIDNIGHT_AT_THE_END = "24:00:00"  # xs:dateTime knows it, Python does not

Pair = tuple[float, float]  # latitude, longitude, in degrees


def moment(text: str) -> datetime:
    """The aware moment a CAP dateTime names, its offset kept; raises ValueError for any other form (§3.3.2)."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}”不是 2026-07-01T08:00:00+08:00 这样的带时区时间")
    day, time, offset = found.groups()
    try:
        if time == MIDNIGHT_AT_THE_END:
            return datetime.fromisoformat(f"{day}T00:00:00{offset}") + timedelta(days=1)
        return datetime.fromisoformat(f"{day}T{time}{offset}")
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{text}”不是历法上有的时间") from error


def written(value: datetime) -> str:
    """A moment as CAP writes it: whole seconds, UTC as ``-00:00`` (§3.2.1 sent); raises ValueError when it is naive."""
    offset = value.utcoffset()
    if offset is None:
        raise ValueError("CAP 的时间必须带时区")
    if offset.total_seconds() % 60:
        value, offset = value.astimezone(UTC), timedelta(0)
    text = value.replace(microsecond=0).isoformat()
    return f"{text[:-6]}-00:00" if not offset else text


def pair(text: str) -> Pair:
    """A coordinate pair on the globe; raises ValueError for another form or a place that WGS 84 does not have."""
    found = _PAIR.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:40]}”不是“纬度,经度”")
    latitude, longitude = float(found[1]), float(found[2])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(f"“{text[:40]}”不在 WGS 84 的范围内（纬度 ±90，经度 ±180）")
    return latitude, longitude


def ring(text: str) -> tuple[Pair, ...]:
    """The points of a polygon: at least four, the last the same as the first (§3.2.4); raises ValueError."""
    points = _pairs(text)
    if len(points) < 4:
        raise ValueError(f"多边形只有 {len(points)} 个坐标对，至少应有 4 个")
    if points[0] != points[-1]:
        raise ValueError("多边形没有闭合，首尾坐标对应当相同")
    return points


def _pairs(text: str) -> tuple[Pair, ...]:
    """The pairs of a list: thousands are usual, so a good list is read at once and only a bad one pair by pair."""
    if _PAIRS.fullmatch(text):
        numbers = [float(number) for number in text.replace(",", " ").split()]
        latitudes, longitudes = numbers[::2], numbers[1::2]
        if numbers and max(map(abs, latitudes)) <= 90 and max(map(abs, longitudes)) <= 180:
            return tuple(zip(latitudes, longitudes, strict=True))
    return tuple(map(pair, text.split()))


def disc(text: str) -> tuple[Pair, float]:
    """Centre and radius in kilometres of a circle (§3.2.4); raises ValueError."""
    words = text.split()
    if len(words) != 2 or not _RADIUS.fullmatch(words[1]):
        raise ValueError(f"“{text[:40]}”不是“纬度,经度 半径（公里）”")
    radius = float(words[1])
    if radius < 0 or not math.isfinite(radius):
        raise ValueError(f"圆的半径 {words[1]} 不能小于零")
    return pair(words[0]), radius


def reference(text: str) -> tuple[str, str, datetime]:
    """One ``sender,identifier,sent`` (§3.2.1 references); raises ValueError."""
    parts = text.split(",")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"“{text[:80]}”不是“发布者,标识,发布时间”")
    return parts[0], parts[1], moment(parts[2])


def words(text: str) -> tuple[str, ...]:
    """A list separated by white space, in which double quotes hold words together (§3.2.1 addresses, incidents)."""
    return tuple(quoted or plain for quoted, plain in _WORD.findall(text) if quoted or plain)


def listed(items: tuple[str, ...]) -> str:
    """The list ``words`` reads back."""
    return " ".join(f'"{item}"' if re.search(r"\s", item) else item for item in items)
