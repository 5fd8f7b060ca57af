"""Terraform finds nothing wrong, and what its own tests compare is the same in every size."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import sizes

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
TOOLS = ROOT.parent / "shared" / "tools"
"""A stand-in for the providers, for machines without a registry: Terraform's own checks, on their schemas."""

needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")


def texts() -> dict[str, str]:
    """Return the Terraform files by their path under infra/."""
    return {str(path.relative_to(INFRA)): path.read_text() for path in sorted(INFRA.rglob("*.tf"))}


def stand_in() -> list[str]:
    """Return the command that checks with the stand-in, or skip where it cannot run here."""
    if not (TOOLS / "tf_schema_check.py").exists():
        pytest.skip("the stand-in for the providers is not here: run terraform init, validate and test in infra/")
    for python in (sys.executable, os.environ.get("SHOP_TEST_TERRAFORM_PYTHON", sys.executable)):
        done = subprocess.run([python, "-c", "import grpc, msgpack"], capture_output=True, check=False)  # noqa: S603
        if done.returncode == 0:
            schemas = [str(TOOLS / f"{name}_schema.json.gz") for name in ("aws", "random")]
            return [python, str(TOOLS / "tf_schema_check.py"), "{}", *schemas]
    pytest.skip("no Python with grpcio and msgpack: name one in SHOP_TEST_TERRAFORM_PYTHON")


@needs_terraform
def test_the_files_are_formatted() -> None:
    command = ["terraform", "fmt", "-check", "-recursive", str(INFRA)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "")


@needs_terraform
@pytest.mark.parametrize("folder", [INFRA, INFRA / "bootstrap"], ids=["infra", "bootstrap"])
def test_terraform_validates_and_its_tests_pass(folder: Path) -> None:
    command = [word.replace("{}", str(folder)) for word in stand_in()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sizes.NAMES)
def test_the_tests_of_a_size_stand_on_its_file(name: str) -> None:
    tested = (INFRA / "tests" / f"{name}.tftest.hcl").read_text()
    given = re.search(r"\nvariables \{\n(.*?)\n\}\n", tested, re.DOTALL)
    assert given is not None
    found = sizes.parse(given.group(1))
    assert {key: found[key] for key in sizes.read(name)} == sizes.read(name)


def test_every_size_is_held_to_the_same() -> None:
    parts = set()
    for name in sizes.NAMES:
        tested = (INFRA / "tests" / f"{name}.tftest.hcl").read_text()
        parts.add(tested.split("# What holds in every size", 1)[1].split("# What makes this size", 1)[0])
    assert len(parts) == 1
    assert parts.pop().count("assert {") == 27


def test_every_size_sets_every_variable_of_size_and_nothing_else() -> None:
    declared = set(re.findall(r'^variable "(\w+)"', (INFRA / "sizes.tf").read_text(), re.MULTILINE))
    for name in sizes.NAMES:
        assert set(sizes.read(name)) == declared


def test_no_policy_allows_whatever_one_likes() -> None:
    for name, text in texts().items():
        for actions in re.findall(r"\bAction\s*=\s*(\[[^\]]*\]|\"[^\"]*\")", text):
            assert "*" not in actions, f"{name}: {actions}"
        assert "NotAction" not in text, name
        for attached in re.findall(r"policy/([\w/-]+)", text):
            assert attached == "service-role/AmazonRDSEnhancedMonitoringRole", name


def test_nothing_is_open_to_the_world() -> None:
    for name, text in texts().items():
        for rule in re.findall(
            r'^resource "aws_vpc_security_group_ingress_rule".*?^\}', text, re.MULTILINE | re.DOTALL
        ):
            assert "0.0.0.0/0" not in rule, name
            assert "::/0" not in rule, name


def test_every_check_that_is_passed_over_says_why() -> None:
    for name, text in texts().items():
        for line in text.splitlines():
            if "checkov:skip" in line:
                assert re.search(r"checkov:skip=CKV2?_AWS_\d+: \S.{20,}\.$", line), f"{name}: {line.strip()}"


def test_every_variable_and_output_says_what_it_is() -> None:
    for name, text in texts().items():
        for block in re.findall(r'^(?:variable|output) ".*?^\}', text, re.MULTILINE | re.DOTALL):
            assert "description" in block, f"{name}: {block.splitlines()[0]}"
