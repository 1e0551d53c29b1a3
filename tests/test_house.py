"""The house measures itself: names, templates, bases, links, and what may never be committed."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fadu.procedure.declare import Procedure

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile(r"[一-鿿]")
SKIPPED = {".git", ".venv", "node_modules", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
FONTS = {".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2"}
DJANGO_LOOKS_FOR = {"403_csrf.html"}  # named in Django, not here


def committed() -> list[Path]:
    """All files of the repository, or of the folder where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts)]


def texts() -> Iterator[tuple[Path, str]]:
    """Every committed text file with its text."""
    for path in committed():
        try:
            yield path.relative_to(ROOT), path.read_text()
        except UnicodeDecodeError:
            continue


def own_models() -> list[type[models.Model]]:
    """The models of the house."""
    return [model for model in apps.get_models() if model.__module__.startswith("fadu.")]


def templates() -> list[tuple[str, Path]]:
    """Name and file of every template."""
    return [
        (str(path.relative_to(folder)), path)
        for folder in sorted(ROOT.glob("fadu/*/templates"))
        for path in sorted(folder.rglob("*.html"))
    ]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_model_and_every_field_has_a_name_in_chinese(model: type[models.Model]) -> None:
    assert CHINESE.search(str(model._meta.verbose_name)), model._meta.label
    nameless = [
        field.name
        for field in model._meta.local_fields
        if not (CHINESE.search(str(field.verbose_name)) or field.auto_created or field.primary_key)
        and not (field.remote_field and field.remote_field.parent_link)
        and not isinstance(field, models.GeneratedField)  # read from the body, shown to nobody
        and field.name != "sha256"
    ]
    assert nameless == []


@pytest.mark.parametrize(("name", "path"), templates(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_template_compiles(name: str, path: Path) -> None:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        pytest.fail(f"{name}: {error}")


def test_every_template_is_used() -> None:
    # a name may be put together: f"ui/form/{kind}.html" uses every template of that folder
    sources = [text for path, text in texts() if path.suffix in {".py", ".html"} and path.parts[0] == "fadu"]
    everything = "\n".join(sources)
    composed = {match.rpartition("/")[0] for match in re.findall(r"[\"']([\w/]+/[\w-]*)\{", everything)}
    unused = [
        name
        for name, _ in templates()
        if name not in everything and name not in DJANGO_LOOKS_FOR and name.rpartition("/")[0] not in composed
    ]
    assert unused == []


def test_templates_extend_and_include_only_their_own_app_and_the_ui() -> None:
    for name, path in templates():
        app = path.relative_to(ROOT).parts[1]
        for other in re.findall(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']", path.read_text()):
            assert other.split("/")[0] in {app, "ui", "django"}, f"{name} reaches into {other}"


def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    # the content security policy would refuse both
    for name, path in templates():
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=[\"']", text), name
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, f"{name}: {tag}"


def test_every_step_of_every_procedure_rests_on_an_article() -> None:
    steps = [step for procedure in Procedure.registry.values() for step in procedure.steps.values()]
    assert steps
    assert [step.title for step in steps if not step.basis] == []


def test_every_step_has_its_term_in_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text()
    terms = {(step.title, name) for procedure in Procedure.registry.values() for name, step in procedure.steps.items()}
    missing = [f"{title} `{name}`" for title, name in sorted(terms) if f"`{name}`" not in glossary]
    assert missing == []


def test_no_module_is_a_drawer_for_homeless_functions() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "core"}
    assert [path for path in committed() if path.suffix == ".py" and drawers & {path.stem, *path.parent.parts}] == []


def test_no_file_names_a_folder_of_some_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    assert [str(path) for path, text in texts() if machine.search(text) and path.suffix != ".lock"] == []


def test_no_font_and_no_large_file_is_committed() -> None:
    assert [path for path in committed() if path.suffix.lower() in FONTS] == []
    assert [path for path in committed() if path.stat().st_size > 2_000_000] == []


def test_every_module_says_what_it_is() -> None:
    for path in committed():
        if path.suffix != ".py" or {"migrations", "tests"} & set(path.parts) or path.stat().st_size == 0:
            continue
        assert ast.get_docstring(ast.parse(path.read_text())), path.relative_to(ROOT)


def test_every_direct_dependency_has_its_reason_and_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = json.loads((ROOT / "package.json").read_text())
    python = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted = {re.match(r"[\w-]+", line)[0] for line in python}  # type: ignore[index]
    wanted |= {name for kind in packages if kind.lower().endswith("dependencies") for name in packages[kind]}
    page = (ROOT / "docs" / "dependencies.md").read_text()
    explained = {name for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in row.split(", ")}
    assert wanted - explained == set()
    assert explained - wanted == {"package"}


def test_links_in_the_documents_lead_somewhere() -> None:
    for path, text in texts():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (ROOT / path.parent / target).exists(), f"{path} links to {target}"


def pages(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route without a parameter, with its path; the admin's are Django's own."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from pages(entry, path)
        elif "<" not in path:
            yield path, entry


@pytest.mark.django_db
def test_a_page_is_closed_to_visitors_unless_it_is_marked_public(client: Client) -> None:
    for path, entry in pages(get_resolver()):
        response = client.get(f"/{path.removeprefix('^').removesuffix('$')}")
        if getattr(entry.callback, "login_required", True):
            assert response.status_code in (302, 405), path
            if response.status_code == 302:
                assert "login" in response["Location"], path
        else:
            assert response.status_code < 500, path
