"""How personal data is masked wherever the public can see it (行政处罚法 50)."""

import re

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9])1[3-9]\d{9}(?![0-9])")


def person(name: str) -> str:
    """Mask a natural person's name, keeping the family name: 王示三 → 王某某."""
    name = name.strip()
    return name[:1] + "某" * max(1, len(name) - 1) if name else ""


def id_number(number: str) -> str:
    """Keep the first six and the last digit of an 18-digit ID number."""
    return f"{number[:6]}***********{number[-1:]}" if len(number) == 18 else "*" * len(number)


def phone(number: str) -> str:
    """Keep the first three and last four digits of a phone number."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def text(value: str, names: tuple[str, ...] = ()) -> str:
    """Mask every ID number, mobile number and each of ``names`` in ``value``."""
    value = ID_NUMBER.sub(lambda match: id_number(match[0]), value)
    value = MOBILE.sub(lambda match: phone(match[0]), value)
    for name in sorted(filter(None, names), key=len, reverse=True):
        value = value.replace(name, person(name))
    return value
