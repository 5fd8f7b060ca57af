"""Terraform finds nothing wrong, and what its own tests compare is the same in every size."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra import sizes
from tests.infra.tools import ROOT, run, tool

INFRA = ROOT / "infra"
SCHEMAS = Path(os.environ.get("SHOP_TEST_TOOLS") or ROOT.parent / "shared" / "tools")
"""A stand-in for the providers, for machines without their registry: Terraform's own checks, on their schemas."""


def texts() -> dict[str, str]:
    """Return the Terraform files by their path under infra/."""
    return {str(path.relative_to(INFRA)): path.read_text() for path in sorted(INFRA.rglob("*.tf"))}


def test_the_files_are_formatted() -> None:
    done = run([tool("terraform"), "fmt", "-check", "-recursive", INFRA])

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("folder", [INFRA, INFRA / "bootstrap"], ids=["infra", "bootstrap"])
def test_terraform_validates_and_its_tests_pass(folder: Path, tmp_path: Path) -> None:
    terraform = tool("terraform")
    if (SCHEMAS / "tf_schema_check.py").exists():
        schemas = [SCHEMAS / f"{name}_schema.json.gz" for name in ("aws", "random")]
        done = run([tool("python"), SCHEMAS / "tf_schema_check.py", folder, *schemas])
    else:
        done = with_the_real_providers(terraform, folder, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success! The configuration is valid." in done.stdout
    if folder == INFRA:
        assert re.search(r"Success! \d+ passed, 0 failed", done.stdout)


def with_the_real_providers(terraform: Path, folder: Path, place: Path) -> subprocess.CompletedProcess[str]:
    """Validate and test a copy of the files with the providers that Terraform fetches; skips where it cannot."""
    copy = place / "infra"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    found = run([terraform, f"-chdir={copy}", "init", "-backend=false", "-input=false", "-no-color"])
    if found.returncode:
        pytest.skip("neither the providers of Terraform nor a stand-in for them can be had here")
    validated = run([terraform, f"-chdir={copy}", "validate", "-no-color"])
    tested = run([terraform, f"-chdir={copy}", "test", "-no-color"])
    tested.returncode = validated.returncode or tested.returncode
    tested.stdout = validated.stdout + tested.stdout
    return tested


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
    assert parts.pop().count("assert {") == 41


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


def test_what_acts_on_everything_takes_nothing_else() -> None:
    for name, text in texts().items():
        for sid, resource in re.findall(r'Sid\s+= "(\w+)".*?\bResource\s+= ([^\n]+)', text, re.DOTALL):
            if resource.startswith('"*"') and name != "kms.tf":  # in a key's policy it is the key itself
                assert sid in {"Traces", "SignInToTheRegistry"}, f"{name}: {sid}"
                assert "# the only one" in resource, f"{name}: {sid} gives no reason"


def test_everything_carries_the_tags() -> None:
    for name, text in texts().items():
        for provider in re.findall(r'^provider "aws" \{.*?^\}', text, re.MULTILINE | re.DOTALL):
            assert "default_tags" in provider, name
    assert "tags = local.tags" in texts()["providers.tf"]
    assert 'propagate_tags                     = "SERVICE"' in texts()["modules/service/main.tf"]
    assert texts()["database.tf"].count("copy_tags_to_snapshot") == 2


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
