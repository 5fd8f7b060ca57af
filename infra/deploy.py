"""Bring a version of the shop to AWS: `python infra/deploy.py VERSION [--dry-run] [--build]`.

The image is named by its digest; the database is migrated by a task of its own, which must end well; then each service
is rolled and watched; then the shop is asked for its pages. Whatever fails after the migration, Ctrl-C too, turns every
service back to what it ran before, and the exit code is 1. Migrations suit the version before and after them, so
turning back is safe. The sandbox of a demo shop has an image of its own, tagged VERSION-demo.
"""

import argparse
import base64
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

import boto3  # noqa: E402 - the path is known only now

from infra.rollout import AWS_TROUBLE, MIGRATE, SANDBOX, DeployError, Pace, Place, Rollout  # noqa: E402

PLATFORM = "linux/arm64"
TARGETS = {"final": "", "demo": "-demo"}
"""The targets of the Dockerfile, and what follows the version in the tag of each."""


def main(argv: Sequence[str] | None = None, *, pace: Pace | None = None) -> int:
    """Deploy, and return 0 if the new version runs; 1 if it does not and the old one goes on."""
    parser = argparse.ArgumentParser(prog="deploy.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("version", help="the image's tag, such as the commit, or its digest (sha256:…)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--build", action="store_true", help="first build the image with docker and push it")
    parser.add_argument("--anyway", action="store_true", help="even while ECS still rolls a service of another one")
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
        return deploy(rollout, args.version, build=args.build, dry_run=args.dry_run, anyway=args.anyway)
    except (DeployError, *AWS_TROUBLE) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted before anything was rolled.", file=sys.stderr)
        return 1


def deploy(rollout: Rollout, version: str, *, build: bool = False, dry_run: bool = False, anyway: bool = False) -> int:
    """Carry the steps out in their order; raises DeployError if it ends before anything was rolled."""
    place, say = rollout.place, rollout.say
    rollout.remember()
    if not (anyway or dry_run):
        rollout.refuse_a_second()
    if build:
        _build(rollout, version, dry_run=dry_run)
    images = {} if build and dry_run else _images(rollout, version)
    rolled = [service for service in place.services if service in images or not images]
    pages = (f"{place.storefront_url}/healthz", f"{place.storefront_url}/", f"{place.admin_url}/healthz")
    for image in dict.fromkeys(images.values()):
        say(f"Image      {image}")
    for service, before in rollout.before.items():
        say(f"{service:<10} runs {before.split('/')[-1]}{'' if service in rolled else ', and goes on with it'}")
    if dry_run:
        say(f"Would register a revision with the image for {', '.join((MIGRATE, *rolled))},")
        say(f"run {place.families[MIGRATE]} once, roll {', '.join(rolled)}, and ask for {', '.join(pages)}.")
        return 0
    say("Migrating the database…")
    rollout.migrate(rollout.register(place.families[MIGRATE], images[MIGRATE]))
    revisions = {service: rollout.register(place.families[service], images[service]) for service in rolled}
    rollout.see_that_nobody_else_rolled()
    try:
        rollout.roll(revisions)
        say("Asking the shop…")
        rollout.smoke(pages)
    except (DeployError, KeyboardInterrupt, *AWS_TROUBLE) as trouble:
        say(f"{str(trouble) or 'Interrupted.'}\nTurning back…")
        rollout.roll_back()
        say("The version before runs again.")
        return 1
    say(f"{version} runs.")
    return 0


def _images(rollout: Rollout, version: str) -> dict[str, str]:
    """Return the image of each part; a digest says nothing of the sandbox's, which then stays as it is."""
    images = dict.fromkeys((MIGRATE, *rollout.place.services), rollout.digest_of(version))
    if SANDBOX in images:
        del images[SANDBOX]
        if not version.startswith("sha256:"):
            images[SANDBOX] = rollout.digest_of(version + TARGETS["demo"])
    return images


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


def _build(rollout: Rollout, version: str, *, dry_run: bool = False) -> None:
    """Build and push the image, and the sandbox's where there is one; raises DeployError if docker cannot."""
    if version.startswith("sha256:"):
        raise DeployError("A digest names an image that is built already: leave --build out, or name a tag.")
    repository = rollout.repository()
    demo = SANDBOX in rollout.place.services
    for target, suffix in TARGETS.items():
        if target == "demo" and not demo:
            continue
        command = [
            "docker", "buildx", "build", "--pull", "--platform", PLATFORM, "--target", target,
            "--tag", f"{repository}:{version}{suffix}", "--push", str(HERE.parent),
        ]  # fmt: skip
        if dry_run:
            rollout.say(f"Would run  {' '.join(command)}")
            continue
        if target == "final":
            _log_in(rollout, repository.split("/")[0])
        _docker(command, "The image could not be built or pushed")


def _log_in(rollout: Rollout, registry: str) -> None:
    """Have docker know the registry's password, which AWS makes for twelve hours."""
    token = rollout.ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    command = ["docker", "login", "--username", user, "--password-stdin", registry]
    _docker(command, f"docker could not log in to {registry}", said=password)


def _docker(command: list[str], trouble: str, *, said: str = "") -> None:
    try:
        subprocess.run(command, check=True, input=said, text=True)  # noqa: S603 - our own words
    except FileNotFoundError:
        raise DeployError("docker is not here. Install it, or push the image by other means.") from None
    except subprocess.CalledProcessError:
        raise DeployError(f"{trouble}: the lines above say why.") from None


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a cancelled job turns back as Ctrl-C does
    sys.exit(main())
