"""The image holds production packages only, and everything that runs in it makes do with them."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from cli.healthcheck import role_of
from cli.processes import ROLES, argv_of
from domain.shared.settings import ROOT, Settings

OWN = {"domain", "web", "storefront", "admin", "workers", "cli", "wsgi"}
COMMANDS = (
    "__main__",
    "role",
    "migrate",
    "user",
    "healthcheck",
    "answers",
    "stack",
    "reach",
    "environment",
    "processes",
)


def shipped() -> Iterator[Path]:
    yield ROOT / "wsgi.py"
    for package in ("domain", "web", "storefront", "admin", "workers"):
        yield from (ROOT / package).rglob("*.py")
    yield from (ROOT / "cli" / f"{name}.py" for name in COMMANDS)
    yield from (ROOT / "cli" / "audit").rglob("*.py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_what_runs_in_the_image_imports_nothing_else() -> None:
    lock = (ROOT / "requirements" / "production.lock").read_text()
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    distributions = packages_distributions()
    foreign = {
        (str(path.relative_to(ROOT)), module)
        for path in shipped()
        for module in imported(path)
        if module not in sys.stdlib_module_names
        and module not in OWN
        and not locked & {name.lower().replace("_", "-") for name in distributions.get(module, [])}
    }

    assert foreign == set()


def test_everything_that_runs_is_copied_into_the_image() -> None:
    copied = set(re.findall(r"^COPY (\w+)/? ", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    allowed = set(re.findall(r"^!([\w]+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert OWN - {"wsgi"} <= copied
    assert copied - {"requirements"} <= allowed


def test_what_runs_in_the_image_can_install_nothing() -> None:
    """The environment is made without pip, and the stage that runs takes the base's own away before anything else."""
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    by_name = {stage.split("\n", 1)[0].split(" AS ")[1]: stage for stage in stages}

    assert "python -m venv --without-pip /venv" in by_name["packages"]
    first = by_name["runtime"].split("\nRUN ")[1]
    assert "pip uninstall" in first
    assert "ensurepip" in first
    assert "! python -m pip --version" in first
    for last in ("final", "demo"):
        assert by_name[last].startswith("runtime AS ")
        assert "RUN" not in by_name[last]


def test_a_container_asks_itself_about_its_own_part(settings: Settings) -> None:
    roles = {role: role_of(argv_of(role, settings)) for role in ROLES}

    assert roles == {
        "storefront": "storefront",
        "admin": "admin",
        "sandbox": "sandbox",
        "worker": "worker",
        "relay": "relay",
        "scheduler": "scheduler",
    }
