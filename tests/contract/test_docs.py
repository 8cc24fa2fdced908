"""What the documents name exists, and what exists of settings and folders is documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from clinic.content.answers import load_answers
from clinic.content.wording import clinic_variables
from clinic.profile import load_profile
from tests.contract import said

ROOT = said.ROOT
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
IN_BACKQUOTES = re.compile(r"`([^`\n]+)`")
FILE = re.compile(
    r"(?:[\w.-]+/)*[\w-]+\.(?:py|yml|yaml|toml|md|txt|sh|lock|json|mako|key|db)|(?:\.?[\w-]+/)+"
)
# Made at run time, parts of an address, or intents with a theme.
NO_FILES = ("var/", "models/", ".venv/", ".tools/", "webhooks/", "not_covered/", "delete_data/",
            "utter_not_covered/")  # fmt: skip


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))


def exists(name: str) -> bool:
    """Whether a path exists, or, for a bare file name, a file of that name anywhere."""
    if (ROOT / name).exists():
        return True
    folders = ("data", "docs", "clinic", "actions", "components", "scripts", "tests")
    return "/" not in name and any(any((ROOT / folder).rglob(name)) for folder in folders)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(document: Path):
    text = document.read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z]+)(?=[`\s.,])(?! sure)", text)) <= targets()


def test_the_readme_opens_with_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("make run") < text.index("make test") < text.index("## Map")
    for part in ("## Start", "## Things to try", "## Map", "## Safety"):
        assert part in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_folder_that_is_named_exists(document: Path):
    text = document.read_text(encoding="utf-8")
    named = {name for quoted in IN_BACKQUOTES.findall(text) for name in FILE.findall(quoted)}
    named = {name for name in named if not name.startswith(NO_FILES)}
    assert sorted(name for name in named if not exists(name)) == []
    assert named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def test_the_map_names_every_folder_of_the_project():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = {"var", "models", "results"}
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))}
    for folder in sorted(folders - made):
        assert f"`{folder}/" in text, folder
    for part in (p for p in (ROOT / "data").iterdir() if p.is_dir() and any(p.iterdir())):
        assert f"`data/{part.name}/`" in text, part.name


def test_every_step_of_understanding_is_explained():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    pipeline = said.read_yaml(ROOT / "config.yml")["pipeline"]
    steps = [step["name"].rpartition(".")[2] for step in pipeline]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == steps


def test_the_variables_that_a_writer_may_use_are_listed_and_exist():
    text = (ROOT / "docs/content_guide.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`\{(\w+)\}`", text))
    assert listed
    assert listed <= clinic_variables(load_profile(said.CONTENT), 90).keys()


def test_each_intent_and_no_other_has_a_label_rule():
    text = (ROOT / "docs/label_rules.md").read_text(encoding="utf-8")
    named = {name.split("/")[0] for name in IN_BACKQUOTES.findall(text)}
    intents = {next(iter(intent)) for intent in said.domain()["intents"]}
    assert intents <= named


def test_each_theme_and_no_other_has_a_label_rule():
    text = (ROOT / "docs/label_rules.md").read_text(encoding="utf-8")
    _, _, asked_for = text.partition("## Asked for")
    listed = set(re.findall(r"^- `(\w+)`:", asked_for.partition("## Dialogue")[0], re.MULTILINE))
    assert listed == load_answers(said.CONTENT).themes.keys()
    assert set(re.findall(r"`not_covered/(\w+)`", text)) <= listed


# Settings


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assigned = [line.partition("=") for line in lines if line and not line.startswith("#")]
    assert len({name for name, _, _ in assigned}) == len(assigned)
    return {name: value for name, _, value in assigned}


def chosen_from_outside() -> set[str]:
    """The environment variables that our code reads and that somebody may set."""
    names = set()
    settings = ast.parse((ROOT / "clinic/settings.py").read_text(encoding="utf-8"))
    for node in ast.walk(settings):
        if isinstance(node, ast.Call):
            names |= {
                a.value
                for a in node.args
                if isinstance(a, ast.Constant)
                and isinstance(a.value, str)
                and re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", a.value)
            }
    scripts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "scripts").glob("*.py"))
        if path.name != "export_encoder.py"
    ]
    read = re.compile(r"(?:variables|environ|given|chosen)(?:\.get\(|\[)\s*\"([A-Z][A-Z_]+)\"")
    names |= {name for text in scripts for name in read.findall(text)}
    names |= set(re.findall(r"\"\$([A-Z_]+)\"", (ROOT / "Procfile").read_text(encoding="utf-8")))
    names |= set(re.findall(r"\$\{([A-Z_]+)\}", (ROOT / "endpoints.yml").read_text("utf-8")))
    # Of the shell, not ours.
    return names - {"PATH", "HOME", "PYTHON"}


def test_every_variable_that_is_read_stands_in_the_example():
    assert chosen_from_outside() - example().keys() == set()


def test_every_variable_of_the_example_is_read():
    rasas_own = {"LOG_LEVEL"}
    assert example().keys() - rasas_own - chosen_from_outside() == set()
    scripts = (ROOT / "scripts/settings.py").read_text(encoding="utf-8")
    assert all(f'"{name}"' in scripts for name in rasas_own)


def test_the_example_shows_the_defaults():
    from clinic.settings import load_settings

    default, shown = load_settings({}, ROOT), load_settings(example(), ROOT)
    assert default == shown


def test_every_line_of_the_example_is_explained():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n")
    for block in lines:
        if "=" in block:
            assert block.lstrip().startswith("#"), block
