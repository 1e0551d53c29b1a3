"""Which provisions the citation stands for on the day of the act, or why it stands for none. Pure."""

from dataclasses import dataclass
from datetime import date

from fadu.law.citations import Article, CitationError
from fadu.law.judging.book import Book, Version
from fadu.law.judging.lighter import lighter_than_all
from fadu.law.judging.question import Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Kind, Provision
from fadu.law.statutes import APL


@dataclass(frozen=True)
class Standing:
    """The provisions cited, of which one must bear the sanctions; or why there is none."""

    provisions: tuple[Provision, ...] = ()
    findings: tuple[Finding, ...] = ()


def _none(code: Code, text: str, article: Article | None, *, undecided: bool = False) -> Standing:
    return Standing(findings=(Finding(code, text, article, undecided),))


def standing(asked: Question, book: Book) -> Standing:
    """The provisions at the place cited, in the version of the day of the act (行政处罚法第三十七条).

    A version that came into force after the act bears the sanctions only when it is lighter and in force on the day of
    the decision.
    """
    statute = asked.statute
    versions = book.versions.get(statute, ()) if statute else ()
    if statute is None or not versions:
        ended = book.ended.get(statute) if statute else None
        if ended and asked.act_day and asked.act_day >= ended:
            text = f"《{asked.law}》已于{ended.isoformat()}失效，不适用于{asked.act_day.isoformat()}的行为"
            return _none(Code.REPEALED, text, APL[37])
        return _none(Code.LAW_NOT_HELD, f"系统没有收录《{asked.law}》的处罚规定，不能判断", APL[38, 1], undecided=True)
    on = asked.act_day or versions[-1].outline.since
    version = book.version(statute, on)
    if version is None:
        return _newer(asked, book, on) or _outside(asked, versions, on)
    found = _at(asked, version, on)
    if not found.provisions:
        return _newer(asked, book, on) or found
    return _unless_newer_is_lighter(asked, book, found)


def _outside(asked: Question, versions: tuple[Version, ...], on: date) -> Standing:
    """No version is held for the day: not yet in force, another version, or repealed."""
    first, last = versions[0].outline, versions[-1].outline
    if on < first.first_in_force:
        day = first.first_in_force.isoformat()
        return _none(Code.NOT_IN_FORCE, f"行为日{on.isoformat()}《{asked.law}》尚未施行（{day}起施行）", APL[37])
    if on < first.since:
        text = f"行为日{on.isoformat()}适用的是《{asked.law}》{first.since.isoformat()}前的版本，系统没有收录，不能判断"
        return _none(Code.VERSION_NOT_HELD, text, APL[37], undecided=True)
    day = last.until.isoformat() if last.until else ""
    return _none(
        Code.REPEALED, f"《{asked.law}》已于{day}失效，不适用于{on.isoformat()}的行为", last.ended_by or APL[37]
    )


def _at(asked: Question, version: Version, on: date) -> Standing:
    """The provisions at the place in one version, or which part of the place that version does not have."""
    outline, number = version.outline, asked.number
    statute = outline.statute
    if not 1 <= number <= outline.last or asked.bis is not None:
        text = f"{statute}（{outline.since.isoformat()}起施行的版本）没有{_name(asked, '条')}，共{outline.last}条"
        return _none(Code.NO_SUCH_ARTICLE, text, None)
    shape = outline.articles.get(number)
    if shape is None:
        return _none(Code.NOT_A_PENALTY, f"{statute[number]}没有规定行政处罚", APL[38, 1])
    if asked.paragraph is not None and not 1 <= asked.paragraph <= len(shape):
        text = f"{statute[number]}只有{len(shape)}款，没有{_name(asked, '款')}"
        return _none(Code.NO_SUCH_PARAGRAPH, text, statute[number])
    items = shape[asked.paragraph - 1] if asked.paragraph is not None else max(shape)
    if asked.item is not None and not 1 <= asked.item <= items:
        has = f"只有{items}项" if items else "没有分项"
        return _none(Code.NO_SUCH_ITEM, f"{statute[number]}{has}，没有{_name(asked, '项')}", statute[number])
    rows = version.at(number, asked.paragraph, asked.item)
    place = statute[number, asked.paragraph, asked.item]
    live = tuple(row for row in rows if row.in_force(on))
    if rows and not live:
        why = rows[0].note
        ended = rows[0].until.isoformat() if rows[0].until else ""
        text = f"{place}自{ended}起不再适用" + (f"：{why}" if why else "，应当适用取代它的法律")
        return _none(Code.SUPERSEDED, text, APL[37])
    if not live:
        return _none(Code.NOT_A_PENALTY, f"{place}没有规定行政处罚", APL[38, 1])
    if others := [row for row in live if row.kind not in (Kind.PENALTY, Kind.REFERRAL)]:
        if len(others) == len(live):
            text = f"{place}规定的是{others[0].kind.title_zh}，不能据以作出行政处罚"
            return _none(Code.NOT_A_PENALTY, text, place)
        live = tuple(row for row in live if row not in others)
    return Standing(live)


def _name(asked: Question, unit: str) -> str:
    """The missing part as it is written, also where it is no numeral of ours."""
    value = {"条": asked.number, "款": asked.paragraph, "项": asked.item}[unit]
    bis = f"之{asked.bis}" if unit == "条" and asked.bis else ""
    return f"第{value}{unit}{bis}"


def _newer(asked: Question, book: Book, on: date) -> Standing | None:
    """A newer version that has the place, is in force on the day of the decision and is lighter than what it replaced."""
    if asked.statute is None or asked.decided_on is None or asked.decided_on <= on:
        return None
    version = book.version(asked.statute, asked.decided_on)
    if version is None or version.outline.since <= on:
        return None
    try:
        found = _at(asked, version, asked.decided_on)
    except CitationError:
        return None
    lighter = tuple(
        row for row in found.provisions if lighter_than_all(row, book.predecessors(row, version.outline, on))
    )
    if lighter:
        return Standing(lighter)
    if not found.provisions:
        return None
    text = (
        f"{found.provisions[0].article}自{version.outline.since.isoformat()}起施行，行为日{on.isoformat()}尚未施行，"
        "也没有比行为时的规定更轻"
    )
    held = book.version(asked.statute, on) is not None or on < version.outline.first_in_force
    if not held:
        return None
    return _none(Code.NOT_IN_FORCE, text, APL[37])


def _unless_newer_is_lighter(asked: Question, book: Book, found: Standing) -> Standing:
    """The provisions, without those that a lighter one replaced by the day of the decision."""
    if asked.decided_on is None or asked.act_day is None or asked.decided_on <= asked.act_day:
        return found
    kept: list[Provision] = []
    replaced: list[tuple[Provision, Provision]] = []
    for row in found.provisions:
        newer = [n for n in book.successors(row, asked.decided_on) if lighter_than_all(n, [row])]
        if newer:
            replaced.append((row, newer[0]))
        else:
            kept.append(row)
    if kept:
        return Standing(tuple(kept))
    old, new = replaced[0]
    text = f"作出决定时{old.article}已由处罚较轻的{new.article}取代，应当适用新的规定"
    return _none(Code.NEWER_IS_LIGHTER, text, APL[37])
