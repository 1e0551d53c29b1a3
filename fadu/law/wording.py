"""How provisions read in Chinese: ranges, conditions and sanctions as a table shows them. Pure."""

from decimal import Decimal

from fadu.kernel.money import plain
from fadu.law.provisions import FineRange, FineType, Mode, Sanction

TEN_THOUSAND = Decimal(10_000)


def amount(yuan: Decimal) -> str:
    """An amount of yuan as statutes speak of it: 10万元, 1,500元."""
    if yuan >= TEN_THOUSAND and yuan % 1000 == 0:
        return f"{(yuan / TEN_THOUSAND).normalize():f}万元"
    return f"{plain(yuan)}元"


def number(value: Decimal) -> str:
    """A number without idle zeros."""
    return f"{value.normalize():f}"


def fine_range(fine: FineRange) -> str:
    """10万元以下, 2万元至5万元, 上一年年收入的60%至100%, 违法所得的2倍至5倍, with its condition."""
    basis = fine.basis.title_zh if fine.basis else ""
    match fine.type:
        case FineType.YUAN:
            upper = amount(fine.upper)
            text = f"{amount(fine.lower)}至{upper}" if fine.lower else f"{upper}以下"
        case FineType.PERCENT:
            lower = fine.lower or Decimal(0)
            text = f"{basis}的" + (
                f"{number(fine.upper)}%" if lower == fine.upper else f"{number(lower)}%至{number(fine.upper)}%"
            )
        case FineType.MULTIPLE:
            text = f"{basis}的{number(fine.lower or Decimal(0))}倍至{number(fine.upper)}倍"
        case _:
            text = f"自责令改正之日的次日起，每日{basis}"
    if fine.gains_from is not None:
        text = f"违法所得{amount(fine.gains_from)}以上的，{text}"
    if fine.gains_below is not None:
        text = f"没有违法所得或者不足{amount(fine.gains_below)}的，{text}"
    if fine.mode is not Mode.MUST:
        text += f"（{fine.mode.title_zh}）"
    return text


def measures(sanction: Sanction) -> list[str]:
    """Each measure, a choice joined by 或者; ban and detention with their terms."""
    words = ["或者".join(measure.title_zh for measure in choice) for choice in sanction.measures]
    if sanction.ban:
        words.append(str(sanction.ban))
    if sanction.detention_days:
        words.append(f"{sanction.detention_days}日以下拘留")
    return words


def sanction(one: Sanction) -> str:
    """One sanction in a line: 逾期未改正：生产经营单位：10万元至20万元、责令停产停业整顿."""
    words = [*(fine_range(fine) for fine in one.fines), *measures(one), *filter(None, [one.note])]
    return "：".join([one.stage.title_zh, one.target.title_zh, "、".join(words) or "—"])
