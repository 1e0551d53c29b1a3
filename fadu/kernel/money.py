"""Money as it is written on papers: exact, in capitals and with separators."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _group(number: int) -> str:
    """Capitals of 1..9999 without leading zeros, inner zeros written once."""
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = True
    return text


def in_capitals(amount: Decimal) -> str:
    """Write ``amount`` (yuan, ≥ 0, at most two decimals) in capitals: 60000 → 陆万元整; raises ValueError otherwise."""
    fen = amount * 100
    if amount < 0 or fen != fen.to_integral_value() or amount >= Decimal(10) ** 16:
        raise ValueError(f"金额应当为0以上、至多两位小数：{amount}")
    whole, rest = divmod(int(fen), 100)
    text, zero = "", False
    for index in range(3, -1, -1):
        part = whole // 10000**index % 10000
        if part:
            # a group below 1000, or one that follows an empty group, is joined by 零
            text += ("零" if text and (zero or part < 1000) else "") + _group(part) + GROUPS[index]
            zero = False
        elif text:
            zero = True
    text = f"{text}元" if text else ""
    jiao, cents = divmod(rest, 10)
    if not rest:
        return f"{text}整" if text else "零元整"
    if jiao:
        text += ("零" if text and whole % 10 == 0 else "") + f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{DIGITS[cents]}分" if cents else "整")


def plain(amount: Decimal) -> str:
    """Write ``amount`` (yuan) with thousands separators and without idle decimals: 60,000 or 60,000.50."""
    return f"{amount:,.2f}".removesuffix(".00")
