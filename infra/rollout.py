"""The steps of a deployment, each by calls to AWS that the mock of AWS in the tests answers too."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

MIGRATE, SANDBOX = "migrate", "sandbox"
STARTED_BY = "deploy"
COPIED = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
    "placementConstraints", "requiresCompatibilities", "cpu", "memory", "runtimePlatform", "ephemeralStorage",
    "proxyConfiguration",
)  # fmt: skip
"""What of a task definition is said again when a new revision is registered; the rest is AWS's own."""

AWS_TROUBLE = (BotoCoreError, ClientError)
"""What a call to AWS ends with when it was refused or got no answer."""

Say = Callable[[str], None]


class DeployError(Exception):
    """The deployment cannot go on; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the shop runs, as Terraform's outputs say."""

    region: str
    cluster: str
    services: tuple[str, ...]
    families: Mapping[str, str]
    network: Mapping[str, Any]
    storefront_url: str
    admin_url: str

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, Any]) -> "Place":
        """Read `terraform output -json`; raises DeployError for one that lacks something."""
        try:
            found = {name: outputs[name]["value"] for name in (
                "region", "cluster", "services", "task_families", "task_network", "storefront_url", "admin_url"
            )}  # fmt: skip
        except (KeyError, TypeError) as missing:
            raise DeployError(f"Terraform's outputs have no {missing}. Run terraform apply first.") from None
        services = tuple(found["services"])
        if SANDBOX in found["task_families"] and SANDBOX not in services:
            services += (SANDBOX,)
        return cls(
            region=found["region"],
            cluster=found["cluster"],
            services=services,
            families=found["task_families"],
            network=found["task_network"],
            storefront_url=found["storefront_url"].rstrip("/"),
            admin_url=found["admin_url"].rstrip("/"),
        )

    @property
    def awsvpc(self) -> dict[str, Any]:
        """The network of a one-off task, as ECS wants it."""
        public = "ENABLED" if self.network["assign_public_ip"] else "DISABLED"
        return {"awsvpcConfiguration": {
            "subnets": list(self.network["subnets"]),
            "securityGroups": list(self.network["security_groups"]),
            "assignPublicIp": public,
        }}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often to look and how long to wait, in seconds."""

    every: float = 5.0
    migration: float = 1800.0
    roll: float = 1500.0
    smoke: float = 120.0


@dataclass
class Rollout:
    """One deployment under way: what was there before, and what is there now."""

    place: Place
    ecs: Any
    ecr: Any
    say: Say
    pace: Pace = field(default_factory=Pace)
    before: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def repository(self) -> str:
        """Return where the shop's image lies: where the migration's present one does."""
        family = self.place.families[MIGRATE]
        latest = self.ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
        return str(latest["containerDefinitions"][0]["image"]).split("@")[0]

    def digest_of(self, version: str) -> str:
        """Return the image to run, named by its digest; a tag may be moved, a digest never."""
        repository = self.repository()
        name = repository.split("/", 1)[1]
        wanted = {"imageDigest": version} if version.startswith("sha256:") else {"imageTag": version}
        try:
            found = self.ecr.describe_images(repositoryName=name, imageIds=[wanted])["imageDetails"]
        except self.ecr.exceptions.ImageNotFoundException:
            found = []
        if not found:
            raise DeployError(f"The repository {name} has no image {version}. Build and push it first (--build does).")
        return f"{repository}@{found[0]['imageDigest']}"

    def remember(self) -> None:
        """Note which revision each service runs, to go back to."""
        self.before = {name: found["taskDefinition"] for name, found in self._services().items()}

    def refuse_a_second(self) -> None:
        """Raise DeployError while another deployment, or its migration, is under way."""
        rolling = [
            name
            for name, found in self._services().items()
            if any(one.get("rolloutState") == "IN_PROGRESS" for one in found["deployments"])
        ]
        cluster = self.place.cluster
        started = self.ecs.list_tasks(cluster=cluster, startedBy=STARTED_BY, desiredStatus="RUNNING")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=cluster, tasks=started)["tasks"] if started else []
        if any(task["lastStatus"] != "STOPPED" for task in tasks):
            rolling.insert(0, MIGRATE)
        if rolling:
            raise DeployError(
                f"Another deployment is under way ({', '.join(rolling)}). Wait until it ends, or give --anyway if it "
                "never will."
            )

    def see_that_nobody_else_rolled(self) -> None:
        """Raise DeployError if a service no longer runs what it ran when this deployment began."""
        now = self._services()
        others = [name for name, revision in self.before.items() if now[name]["taskDefinition"] != revision]
        if others:
            raise DeployError(
                f"Somebody else has rolled {', '.join(others)} meanwhile. This deployment rolled nothing."
            )

    def register(self, family: str, image: str) -> str:
        """Register a revision of a task that differs from the latest in the image alone, and return its ARN."""
        latest = self.ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
        repository = image.split("@")[0]
        copy = {name: latest[name] for name in COPIED if latest.get(name) is not None}
        copy["containerDefinitions"] = [
            container | {"image": image} if container["image"].split("@")[0] == repository else container
            for container in latest["containerDefinitions"]
        ]
        return str(self.ecs.register_task_definition(**copy)["taskDefinition"]["taskDefinitionArn"])

    def migrate(self, revision: str) -> None:
        """Bring the database up to date by a task of its own; raises DeployError unless it ends with exit code 0."""
        started = self.ecs.run_task(
            cluster=self.place.cluster, taskDefinition=revision, launchType="FARGATE",
            networkConfiguration=self.place.awsvpc, startedBy=STARTED_BY, count=1,
        )  # fmt: skip
        if not started["tasks"]:
            reasons = "; ".join(failure.get("reason", "unknown") for failure in started.get("failures", []))
            raise DeployError(f"The migration could not be started: {reasons}")
        arn = started["tasks"][0]["taskArn"]

        def ended() -> dict[str, Any] | None:
            task: dict[str, Any] = self.ecs.describe_tasks(cluster=self.place.cluster, tasks=[arn])["tasks"][0]
            return task if task["lastStatus"] == "STOPPED" else None

        try:
            task = self._wait(ended, self.pace.migration, "The migration has not ended")
        except (DeployError, KeyboardInterrupt) as trouble:
            raise DeployError(
                f"{str(trouble) or 'Interrupted.'} The migration goes on by itself, and its log says how it ends. "
                "Nothing was rolled: the running version goes on."
            ) from None
        codes = [container.get("exitCode") for container in task["containers"] if container["name"] == MIGRATE]
        if codes != [0]:
            reason = task.get("stoppedReason") or "no reason given"
            raise DeployError(
                f"The migration failed (exit code {codes[0] if codes else 'none'}; {reason}). Its log says why. "
                "Nothing was rolled: the running version goes on."
            )

    def roll(self, revisions: Mapping[str, str]) -> None:
        """Give services their new revisions, one after another; each must be steady before the next begins."""
        for at, (service, revision) in enumerate(revisions.items(), start=1):
            self.say(f"Rolling {service} ({at} of {len(revisions)})…")
            self._await(service, self._give(service, revision))

    def roll_back(self) -> None:
        """Give every service back what it ran before, all at once; raises DeployError if one does not get steady.

        What ECS turns back by itself is waited for as well.
        """
        troubles = []
        for service in sorted(self.given):
            try:
                self._turn_back(service)
            except (DeployError, *AWS_TROUBLE) as error:
                troubles.append(str(error))
        for service in sorted(self.given):
            try:
                self._await(service, self._present(service)["id"])
            except (DeployError, *AWS_TROUBLE) as error:
                troubles.append(str(error))
            except KeyboardInterrupt:
                troubles.append("Interrupted: ECS goes on turning back.")
                break
        if troubles:
            raise DeployError(f"Turned back, but: {' '.join(troubles)} Look at the services in ECS now.")

    def smoke(self, paths: Sequence[str]) -> None:
        """Ask the shop for pages until each answers 200; raises DeployError for the first that will not."""
        for url in paths:
            last = "no answer"

            def fine(url: str = url) -> bool:
                nonlocal last
                try:
                    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own addresses
                        last = str(answer.status)
                        return bool(answer.status == 200)
                except urllib.error.HTTPError as refusal:
                    last = str(refusal.code)
                except OSError as error:
                    last = type(error).__name__
                return False

            try:
                self._wait(fine, self.pace.smoke, url)
            except DeployError:
                raise DeployError(f"{url} does not answer as it should ({last}).") from None
            self.say(f"  {url} answers")

    def _turn_back(self, service: str) -> None:
        """Give a service what it ran before, unless ECS has done so already."""
        if self._services()[service]["taskDefinition"] != self.before[service]:
            self._give(service, self.before[service])

    def _present(self, service: str) -> dict[str, Any]:
        """Return the deployment of a service that is under way, or was the last."""
        return next(dict(one) for one in self._services()[service]["deployments"] if one["status"] == "PRIMARY")

    def _give(self, service: str, revision: str) -> str:
        """Give a service a revision and return the id of the deployment that begins."""
        self.given.add(service)
        updated = self.ecs.update_service(
            cluster=self.place.cluster, service=service, taskDefinition=revision, forceNewDeployment=True
        )["service"]
        return str(next(found["id"] for found in updated["deployments"] if found["status"] == "PRIMARY"))

    def _await(self, service: str, deployment: str) -> None:
        """Wait until a deployment is done; raises DeployError if it failed, or if ECS turned back from it."""

        def steady() -> bool:
            found = self._services()[service]
            own = next((one for one in found["deployments"] if one["id"] == deployment), None)
            if own is None or own.get("rolloutState") == "FAILED":
                reason = (own or {}).get("rolloutStateReason", "ECS turned back by itself")
                raise DeployError(f"{service} did not come up: {reason}")
            return bool(own.get("rolloutState") == "COMPLETED")

        self._wait(steady, self.pace.roll, f"{service} is not steady")

    def _services(self) -> dict[str, Any]:
        found = self.ecs.describe_services(cluster=self.place.cluster, services=list(self.place.services))
        if found.get("failures"):
            missing = ", ".join(failure["arn"].split("/")[-1] for failure in found["failures"])
            raise DeployError(f"The cluster {self.place.cluster} has no service {missing}.")
        return {service["serviceName"]: service for service in found["services"]}

    def _wait(self, ask: Callable[[], Any], seconds: float, what: str) -> Any:
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            if time.monotonic() >= deadline:
                raise DeployError(f"{what} after {seconds:.0f} seconds.")
            time.sleep(self.pace.every)
        return answer
