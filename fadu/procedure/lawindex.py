"""What in the system rests on an article of law: steps, rules, periods, provisions, numbers, tests, each with its place [pure]."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import fadu
from fadu.law.citations import Article, CitationError, Statute, parse, statute_named
from fadu.law.content.numbers import numbers
from fadu.law.content.penalties import provisions
from fadu.law.counting import COUNTING_RULES, DAY_RULES
from fadu.procedure.declare import If, Procedure, Rule
from fadu.procedure.table import period_in_words, periods_of, rules_of

ROOT = Path(fadu.__file__).resolve().parents[1]
LAW = "fadu/law/counting.py"


class Claim(NamedTuple):
    """One thing that rests on an article: which, what it is called in code, in words, in which file and line."""

    article: Article
    code: str
    text: str
    file: str
    line: int = 0

    @property
    def where(self) -> str:
        """The place, as an editor opens it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.article}  {self.code}  {self.text}  {self.where}"


# --- where things are declared --------------------------------------------------------------------------------------


def _relative(path: str) -> str:
    full = Path(path).resolve()
    return full.relative_to(ROOT).as_posix() if full.is_relative_to(ROOT) else full.name


def _places(procedure: type[Procedure]) -> dict[str, tuple[str, int]]:
    """File and line of each name that a declaration or a chapter of it assigns; the class itself under the empty name."""
    found: dict[str, tuple[str, int]] = {}
    for part in procedure.parts():
        source, first = inspect.getsourcelines(part)
        file = _relative(inspect.getfile(part))
        tree = ast.parse(inspect.cleandoc("\n" + "".join(source))).body[0]
        for node in getattr(tree, "body", []):
            if isinstance(node, ast.Assign):
                places = (target.id for target in node.targets if isinstance(target, ast.Name))
                found |= dict.fromkeys(places, (file, first + node.lineno - 1))
        found[""] = (file, first)
    return found


def _rule_place(rule: Rule) -> tuple[str, int]:
    return _relative(rule.test.__code__.co_filename), rule.test.__code__.co_firstlineno


# --- claims ---------------------------------------------------------------------------------------------------------


def of_procedures(procedures: Iterable[type[Procedure]] | None = None) -> Iterator[Claim]:
    """What the declared procedures rest on: the registered ones, or those given."""
    for procedure in Procedure.registry.values() if procedures is None else procedures:
        yield from _of_procedure(procedure)


def _of_procedure(procedure: type[Procedure]) -> Iterator[Claim]:
    places = _places(procedure)
    for article in procedure.basis:
        yield Claim(article, procedure.code, f"{procedure.title}：依据", *places[""])
    for period in procedure.opens:
        for article in period.basis:
            yield Claim(article, procedure.code, f"{procedure.title}：期间“{period_in_words(period)}”", *places[""])
    for step in procedure.steps.values():
        file, line = places[step.name]
        for article in step.basis:
            yield Claim(article, step.code, f"{step.title}：依据", file, line)
        conditions = {item.when for item in (*step.requires, *step.documents, *step.starts) if isinstance(item, If)}
        for rule in rules_of(step):
            kind = "适用条件" if rule in conditions else "条件"
            for article in rule.basis:
                yield Claim(article, step.code, f"{step.title}：{kind}“{rule}”", *_rule_place(rule))
        for period in periods_of(step):
            for article in period.basis:
                yield Claim(article, step.code, f"{step.title}：期间“{period_in_words(period)}”", file, line)


def of_content() -> Iterator[Claim]:
    """What the shipped content rests on: penalty provisions, dated numbers, rules of counting."""
    for one in provisions():
        value, file = one.provision, f"fadu/law/data/{one.file}"
        yield Claim(value.article, value.id, f"处罚规定：{value.violation}", file)
        for obligation in value.obligations:
            yield Claim(obligation, value.id, f"义务，违反的处罚见{value.article}", file)
    for sourced in numbers():
        number = sourced.number
        for article in number.basis:
            known = "，待核" if number.unchecked else ""
            text = f"法定数字：{number.title}，{number}（{number.since.isoformat()}起{known}）"
            yield Claim(article, number.name, text, f"fadu/law/data/{sourced.file}")
    for day_rule in DAY_RULES.values():
        yield Claim(day_rule.article, "periods", f"期间：{day_rule.title}", LAW)
    for general in COUNTING_RULES:
        for article in general.articles:
            yield Claim(article, "periods", f"期间：{general.title}", LAW)


def of_tests(root: Path = ROOT) -> Iterator[Claim]:
    """The tests marked with the article they state, found by reading the files, not by running them."""
    for path in sorted([*root.glob("fadu/*/tests/**/test_*.py"), *root.glob("tests/**/test_*.py")]):
        text = path.read_text()
        if "mark.law" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for article in _marked(node.decorator_list):
                    words = node.name.removeprefix("test_").replace("_", " ")
                    yield Claim(article, "test", words, path.relative_to(root).as_posix(), node.lineno)


def _marked(decorators: Iterable[ast.expr]) -> Iterator[Article]:
    for call in decorators:
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("mark.law"):
            for argument in call.args:
                try:
                    yield parse(ast.unparse(argument).replace("'", '"'))
                except CitationError:
                    continue


def everything() -> list[Claim]:
    """Every claim that needs no database, each once, in the order of the statutes."""
    found = dict.fromkeys([*of_procedures(), *of_content(), *of_tests()])
    # An article is ordered as in its statute; within it procedures come before content and tests.
    order = {claim: i for i, claim in enumerate(found)}
    return sorted(found, key=lambda claim: (claim.article, order[claim]))


def about(article: Article, claims: Iterable[Claim]) -> list[Claim]:
    """Those of ``claims`` that rest on the article, on a part of it, or on the whole it is part of."""
    return [claim for claim in claims if claim.article.touches(article)]


def article_of(words: list[str]) -> Article:
    """The article named on a command line: 行政处罚法 58, 行政处罚法 57 1 4 (0 for a part left out), or one citation.

    Raises CitationError, in Chinese.
    """
    name, *rest = words or [""]
    if rest and all(part.replace("-", "", 1).isdecimal() for part in rest):
        return statute_named(name)[(rest[0], *(int(part) or None for part in rest[1:]))]
    return parse("".join(words))


# --- the printed index ----------------------------------------------------------------------------------------------


def markdown(statute: Statute, claims: Iterable[Claim]) -> str:
    """The index of one statute: article by article what rests on it. Without line numbers, which change too often."""
    lines = [f"# {statute}在系统中的落实", "", f"{statute.full}；所引条文自{statute.since.isoformat()}施行。", ""]
    current: Article | None = None
    rows: dict[tuple[str, str, str, str], None] = {}
    for claim in sorted(claims, key=lambda c: c.article.whole):
        if claim.article.whole != current:
            lines += _rows(rows)
            current, rows = claim.article.whole, {}
            lines += [f"## {current.place()}", ""]
        rows[(claim.article.place(), claim.code, claim.text, claim.file)] = None
    return "\n".join(lines + _rows(rows)).rstrip() + "\n"


def _rows(rows: Iterable[tuple[str, str, str, str]]) -> list[str]:
    found = [f"| {' | '.join(cell.replace('|', '｜') for cell in row)} |" for row in rows]
    return ["| 条文 | 名称 | 落实 | 位置 |", "|---|---|---|---|", *found, ""] if found else []


def by_statute(claims: Iterable[Claim]) -> dict[Statute, list[Claim]]:
    """Claims grouped by statute."""
    found: dict[Statute, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.article.statute, []).append(claim)
    return found


def file_name(statute: Statute) -> str:
    """The name of the statute's page."""
    return f"{statute.short}.md"
