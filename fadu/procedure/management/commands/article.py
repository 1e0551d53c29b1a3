"""``article 行政处罚法 58``: every step, rule, period, provision and test that rests on an article, with its place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from fadu.law import queries
from fadu.law.citations import CitationError
from fadu.procedure import lawindex
from fadu.procedure.lawindex import Claim


class Command(BaseCommand):
    """From an article of law to what implements it."""

    help = "List what rests on an article, one a line; exit 1 when nothing does. --all DIR writes one page per statute."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The article in words or numbers."""
        parser.add_argument("article", nargs="*", help="行政处罚法 58 | 行政处罚法 57 1 4 | 《行政处罚法》第五十八条")
        parser.add_argument(
            "--all", metavar="DIR", help="write the index of every statute into DIR, from shipped content"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer for one article, or write the whole index."""
        if options["all"]:
            write_all(Path(options["all"]))
            return
        try:
            article = lawindex.article_of(options["article"])
        except CitationError as error:
            raise CommandError(str(error), returncode=2) from None
        found = lawindex.about(article, [*lawindex.of_procedures(), *lawindex.of_tests()])
        found += lawindex.about(article, self._content())
        if not found:
            raise CommandError(f"没有步骤、条件、期间或者规定以{article}为依据", returncode=1)
        for claim in dict.fromkeys(found):
            self.stdout.write(str(claim).rstrip())

    def _content(self) -> list[Claim]:
        """Provisions and numbers as the bureau has them now; the shipped ones while nothing is loaded."""
        try:
            # What the bureau has entered or changed is in the database, not in the shipped files.
            found = [Claim(f.article, f.where, f"{f.kind}：{f.text}", "") for f in queries.facts()]
        except DatabaseError:
            found = []
        if not found:
            self.stderr.write("数据库中还没有法律内容，处罚规定和法定数字按随系统发布的列出")
        return found or list(lawindex.of_content())


def write_all(folder: Path) -> None:
    """Write ``<statute>.md`` for every statute something rests on, and a list of them; needs no database."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "# 法律条文在系统中的落实",
        "",
        "由程序声明、内容和测试生成（`manage.py article --all docs/law`），请勿手工修改。",
        "",
    ]
    for statute, claims in sorted(lawindex.by_statute(lawindex.everything()).items()):
        (folder / lawindex.file_name(statute)).write_text(lawindex.markdown(statute, claims))
        articles = {claim.article.whole for claim in claims}
        lines.append(f"- [{statute}]({lawindex.file_name(statute)})：{len(articles)}条")
    (folder / "README.md").write_text("\n".join(lines) + "\n")
