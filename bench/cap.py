"""How fast warnings are judged, read and checked, beside a bare parse of the same bytes in the same run.

``python -m bench.cap [SECONDS]`` (default 1 a line); needs nothing but the package.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from fadu.warning.cap.parse import receive
from fadu.warning.cap.reading import read
from fadu.warning.cap.validate import validate

SIGNED = Path(__file__).parents[1] / "fadu" / "warning" / "cap" / "tests" / "signed" / "rsa-inclusive.xml"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>EX-2026-0001</identifier><sender>office@example.org</sender><sent>2026-07-01T08:00:00+08:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency>
    <severity>Minor</severity><certainty>Likely</certainty><effective>2026-07-01T08:00:00+08:00</effective>
    <headline>示例市气象台发布暴雨蓝色预警</headline><description>预计未来12小时内降雨量将达50毫米以上。</description>
    <area><areaDesc>示例市</areaDesc>"""
TAIL = "</area></info></alert>"
GEOCODE = "<geocode><valueName>行政区划代码</valueName><value>{}</value></geocode>"


def messages() -> dict[str, bytes]:
    """A usual message, one that names every township of a city, one with a polygon of 5,000 points, and a signed one."""
    codes = "".join(GEOCODE.format(f"9901{n:02}{m:03}000") for n in range(12) for m in range(13))
    ring = [f"{36 + n / 10000:.4f},{113 + n % 7 / 1000:.4f}" for n in range(4999)]
    polygon = f"<polygon>{' '.join([*ring, ring[0]])}</polygon>"
    return {
        "usual": (HEAD + GEOCODE.format("990100000000") + TAIL).encode(),
        "156 geocodes": (HEAD + codes + TAIL).encode(),
        "5,000 points": (HEAD + polygon + TAIL).encode(),
        "signed": SIGNED.read_bytes(),
    }


def bare(data: bytes) -> object:
    """What lxml alone needs, with no limit and no rule."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def rate(work: Callable[[bytes], object], data: bytes, seconds: float) -> float:
    """Messages a second of processor time, over at least ``seconds``: other work on the machine does not count."""
    work(data)
    count, began = 0, time.process_time()
    while (took := time.process_time() - began) < seconds:
        for _ in range(10):
            work(data)
        count += 10
    return count / took


def main(seconds: float = 1.0) -> None:
    """One line a kind of message: bytes, then messages a second of processor time for each piece of work."""
    works: dict[str, Callable[[bytes], object]] = {
        "bare lxml": bare,
        "read": read,
        "validate": validate,
        "receive": receive,
    }
    sys.stdout.write(f"{'messages/s':14} {'bytes':>8} " + " ".join(f"{name:>10}" for name in works) + "\n")
    for name, data in messages().items():
        if not validate(data).valid:
            raise SystemExit(f"{name}: {validate(data).reasons}")
        rates = " ".join(f"{rate(work, data, seconds):>10,.0f}" for work in works.values())
        sys.stdout.write(f"{name:14} {len(data):>8,} {rates}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
