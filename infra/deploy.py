"""Bring a version of the shop to AWS: `python infra/deploy.py VERSION [--dry-run] [--build]`.

The image is named by its digest; the database is migrated by a task of its own, which must end well; then each service
is rolled and watched; then the shop is asked for its pages. Whatever fails after the migration turns every service
back to what it ran before, and the exit code is 1. Migrations suit the version before and after them, so turning back
is safe.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

import boto3  # noqa: E402 - the path is known only now

from infra.rollout import MIGRATE, DeployError, Pace, Place, Rollout  # noqa: E402

PLATFORM = "linux/arm64"


def main(argv: Sequence[str] | None = None, *, pace: Pace | None = None) -> int:
    """Deploy, and return 0 if the new version runs; 1 if it does not and the old one goes on."""
    parser = argparse.ArgumentParser(prog="deploy.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("version", help="the image's tag, such as the commit, or its digest (sha256:…)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--build", action="store_true", help="first build the image with docker and push it")
    parser.add_argument("--outputs", type=Path, help="a file with `terraform output -json`, instead of Terraform")
    args = parser.parse_args(argv)
    try:
        place = Place.from_outputs(_outputs(args.outputs))
        rollout = Rollout(
            place,
            boto3.client("ecs", region_name=place.region),
            boto3.client("ecr", region_name=place.region),
            lambda line: print(line, flush=True),
            pace or Pace(),
        )
        return deploy(rollout, args.version, build=args.build, dry_run=args.dry_run)
    except DeployError as error:
        print(f"{error}", file=sys.stderr)
        return 1


def deploy(rollout: Rollout, version: str, *, build: bool = False, dry_run: bool = False) -> int:
    """Carry the steps out in their order; raises DeployError if it ends before anything was rolled."""
    place, say = rollout.place, rollout.say
    if build and not dry_run:
        _build(rollout, version)
    image = rollout.digest_of(version)
    rollout.remember()
    pages = (f"{place.storefront_url}/healthz", f"{place.storefront_url}/", f"{place.admin_url}/healthz")
    say(f"Image      {image}")
    for service, before in rollout.before.items():
        say(f"{service:<10} runs {before.split('/')[-1]}")
    if dry_run:
        say(f"Would register a revision with this image for {', '.join((MIGRATE, *place.services))},")
        say(f"run {place.families[MIGRATE]} once, roll {', '.join(place.services)}, and ask for {', '.join(pages)}.")
        return 0
    say("Migrating the database…")
    rollout.migrate(rollout.register(place.families[MIGRATE], image))
    revisions = {service: rollout.register(place.families[service], image) for service in place.services}
    try:
        rollout.roll(revisions)
        say("Asking the shop…")
        rollout.smoke(pages)
    except (DeployError, KeyboardInterrupt) as trouble:
        say(f"{trouble or 'Interrupted.'}\nTurning back…")
        rollout.roll_back()
        say("The version before runs again.")
        return 1
    say(f"{version} runs.")
    return 0


def _outputs(path: Path | None) -> dict[str, Any]:
    if path is not None:
        try:
            return dict(json.loads(path.read_text()))
        except (OSError, ValueError) as error:
            raise DeployError(f"{path} cannot be read as `terraform output -json`: {error}") from None
    try:
        text = subprocess.run(  # noqa: S603 - our own words
            ["terraform", f"-chdir={HERE}", "output", "-json"],  # noqa: S607 - the one on the path is meant
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    except FileNotFoundError:
        raise DeployError("terraform is not here. Install it, or give its outputs with --outputs.") from None
    except subprocess.CalledProcessError as error:
        raise DeployError(f"Terraform has no outputs: {error.stderr.strip()}") from None
    return dict(json.loads(text))


def _build(rollout: Rollout, version: str) -> None:
    repository = rollout.repository()
    command = [
        "docker", "buildx", "build", "--platform", PLATFORM, "--target", "final",
        "--tag", f"{repository}:{version}", "--push", str(HERE.parent),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True)  # noqa: S603 - our own words
    except FileNotFoundError:
        raise DeployError("docker is not here. Install it, or push the image by other means.") from None
    except subprocess.CalledProcessError:
        raise DeployError("The image could not be built or pushed: the lines above say why.") from None


if __name__ == "__main__":
    sys.exit(main())
