"""How fast the law library answers a search, beside the least that the database needs for the same words.

``python -m bench.library FOLDER`` (or ``STATUTES=FOLDER``): imports all statute texts of the folder into a database of
its own, which is dropped afterwards. The words to look for are taken from the texts themselves.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

DATABASE = "fadu_bench_library"
ROUNDS = 300
SEED = 20261124


def main(folder: Path) -> None:
    """Migrate a fresh database, import the folder twice, search, print p50 and p95."""
    os.environ["FADU_DATABASE"] = DATABASE
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    import subprocess

    from fadu.config import database

    database.prepare()
    try:
        for command in (["migrate", "-v0"], ["load-content"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, stderr=subprocess.DEVNULL)
        _measure(folder)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


def _measure(folder: Path) -> None:
    """Import, then search for pairs, words and phrases."""
    import django

    django.setup()
    import psycopg
    from django.db import connection

    from fadu.config import database
    from fadu.config.embedded import OWNER
    from fadu.kernel import clock
    from fadu.law.library import queries
    from fadu.law.library.files import SUFFIXES
    from fadu.law.library.models import Passage
    from fadu.law.library.ranking import read_query
    from fadu.law.library.services import Source, import_texts
    from fadu.record.actor import Actor

    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    sources = [Source(path.name, path.read_bytes()) for path in files]
    for name in ("import", "import again"):
        began = time.perf_counter()
        done = import_texts(sources, Actor.program("测速"))
        counts = {outcome: sum(one.outcome == outcome for one in done) for outcome in ("added", "unchanged", "refused")}
        _say(f"{name:24} {len(sources)} files in {time.perf_counter() - began:6.2f} s  {counts}")
    with psycopg.connect(database.cluster().url(OWNER, DATABASE), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE law_passage")
    texts = list(Passage.objects.values_list("search_text", flat=True))
    _say(f"{'library':24} {len(texts)} passages, {sum(map(len, texts)):,} characters")
    today = clock.today()

    def floor(typed: str) -> None:
        # The least: the candidates of the index that have the words, counted by the database and nothing else.
        query = read_query(typed)
        words = " AND ".join("strpos(search_text, %s) > 0" for _ in query.words)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM law_passage WHERE grams @> %s::varchar[] AND {words}",
                [query.pieces, *query.words],
            )
            cursor.fetchone()

    for name, typed in _words(texts).items():
        _say(f"{name:24} search  {_times(lambda words: queries.search(words, today), typed)}")
        _say(f"{'':24} floor   {_times(floor, typed)}")


def _words(texts: list[str]) -> dict[str, list[str]]:
    """Searches of each kind, cut out of the texts at random but always the same."""
    chance = random.Random(SEED)

    def cut(length: int) -> str:
        text = chance.choice([t for t in texts if len(t) > 60])
        at = chance.randrange(len(text) - length)
        return text[at : at + length]

    return {
        "two characters": [cut(2) for _ in range(ROUNDS)],
        "four characters": [cut(4) for _ in range(ROUNDS)],
        "two words": [f"{cut(2)} {cut(3)}" for _ in range(ROUNDS)],
        "not as typed": [f"{cut(3)}{cut(3)}{cut(3)}" for _ in range(ROUNDS)],
        "most frequent": ["规定", "应当", "或者", "行政", "安全", "情形"] * (ROUNDS // 6),
    }


def _times(search: Callable[[str], object], typed: list[str]) -> str:
    """Wall time of each search, and the mean CPU time of this process and its database backend, which load spares."""
    import psutil
    from django.db import connection

    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid)

    def cpu() -> float:
        there = backend.cpu_times()
        return float(time.process_time() + there.user + there.system)

    took, spent = [], cpu()
    for words in typed:
        began = time.perf_counter()
        search(words)
        took.append((time.perf_counter() - began) * 1000)
    mean = (cpu() - spent) * 1000 / len(typed)
    cuts = statistics.quantiles(took, n=20)
    return f"p50 {cuts[9]:6.2f} ms   p95 {cuts[18]:6.2f} ms   max {max(took):6.2f} ms   cpu {mean:5.1f} ms"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("STATUTES", "")
    if not given or not Path(given).is_dir():
        sys.exit("python -m bench.library FOLDER: a folder of statute texts (.md, .docx), or STATUTES=FOLDER")
    main(Path(given))
