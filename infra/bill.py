"""The lines of the bill, part by part, out of a size and a traffic."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.pricing import FREE, Line, over, price

PAID = {"mvp": (60, 10), "standard": (73, 10), "hardened": (75, 10)}
"""Figures that alarms look at, and figures of our own: `terraform test` holds each size to them."""

DOMAIN_ALARMS = 2
"""The two certificates that a domain adds; the bill counts the domain's zone as well."""

DEMO_ALARMS = 4
"""Those of the sandbox, where the demo image is set: CPU, memory, running tasks, health."""

SANDBOX = {"cpu": 256, "memory": 512, "least": 1, "most": 1, "on_demand": 0}
"""The task of the demo image, as services.tf has it."""

DAYS = Decimal(365) / 12


ZERO, ONE, MILLION = Decimal(0), Decimal(1), Decimal(1_000_000)


@dataclass(frozen=True)
class Habits:
    """What one shopper does; assumptions, to be replaced by what the shop's own analytics say."""

    pages: Decimal = Decimal(10)
    files: Decimal = Decimal(30)  # pictures, styles, scripts
    megabytes: Decimal = Decimal("1.5")
    reaches_the_shop: Decimal = Decimal("0.6")  # of the pages; CloudFront answers the rest
    orders: Decimal = Decimal("0.03")
    mails_per_order: Decimal = Decimal(4)
    texts_per_order: Decimal = Decimal("0.5")
    events_per_order: Decimal = Decimal(12)
    pages_a_second_per_task: Decimal = Decimal(20)  # for each quarter of a CPU, at 60 %
    busiest: Decimal = Decimal(4)  # the busiest hour against the mean; tasks follow it for a quarter of the day
    kilobytes_logged_per_page: Decimal = Decimal("0.6")


def running(size: dict[str, Any], inner: Decimal, habits: Habits) -> dict[str, Decimal]:
    """Return the mean number of tasks of each service; the storefront's follows the traffic."""
    services = size["services"]
    names = [n for n in services if not (size["background_together"] and n in ("relay", "scheduler"))]
    tasks = {name: Decimal(services[name]["least"]) for name in names}
    mean = inner / (DAYS * 86400)
    each = habits.pages_a_second_per_task * services["storefront"]["cpu"] / 256
    busy = min(max(tasks["storefront"], mean * habits.busiest / each), Decimal(services["storefront"]["most"]))
    tasks["storefront"] = (max(tasks["storefront"], mean / each) * 3 + busy) / 4
    return tasks


def compute(size: dict[str, Any], tasks: dict[str, Decimal]) -> list[Line]:
    """Return what the tasks cost, on demand and Spot."""
    lines = []
    for name, count in tasks.items():
        part = size["services"][name]
        cpu, memory = Decimal(part["cpu"]) / 1024, Decimal(part["memory"]) / 1024
        hour = cpu * price("fargate_vcpu_hour") + memory * price("fargate_gb_hour")
        fixed = min(count, Decimal(part["on_demand"])) if size["spot"] else count
        label = f"{name} ({cpu.normalize()} vCPU, {memory.normalize()} GB)"
        if fixed:
            lines.append(Line("Tasks", f"{label}, on demand", fixed * price("hours"), "h", hour))
        if count - fixed:
            lines.append(
                Line("Tasks", f"{label}, Spot", (count - fixed) * price("hours"), "h", hour * price("spot_share"))
            )
    return lines


def network(
    size: dict[str, Any], tasks: dict[str, Decimal], inner: Decimal, requests: Decimal, out: Decimal
) -> list[Line]:
    """Return what the ways in and out cost; `out` is in GB, `requests` are those that reach CloudFront."""
    hours, zones = price("hours"), Decimal(2 if size["nat_per_zone"] else 1)
    through = inner * 20 / MILLION + Decimal(5)  # GB to gateways, SES and CloudWatch: 20 kB a page, 5 GB of images
    ways = {
        "public_ip": [
            Line(
                "Network", "Public IPv4 addresses of tasks", sum(tasks.values(), ZERO) * hours, "h", price("ipv4_hour")
            )
        ],
        "nat_instance": [
            Line("Network", "NAT instances, t4g.nano", zones * hours, "h", price("nat_instance_hour")),
            Line("Network", "Their disks of 8 GB", zones * 8, "GB", price("volume_gb_month")),
            Line("Network", "Their IPv4 addresses", zones * hours, "h", price("ipv4_hour")),
        ],
        "nat_gateway": [
            Line("Network", "NAT gateways", zones * hours, "h", price("nat_gateway_hour")),
            Line("Network", "Their IPv4 addresses", zones * hours, "h", price("ipv4_hour")),
            Line("Network", "What goes through them", through, "GB", price("nat_gateway_gb")),
        ],
    }
    # A unit is a GB an hour, at 30 kB a page, or 25 new connections a second.
    lcu = max(inner * 30 / MILLION / hours, inner / (hours * 3600) / 25, Decimal("0.05"))
    return [
        *ways[size["egress"]],
        Line(
            "Network",
            "Data out of the region, over the free 100 GB",
            over(through, FREE["data_out_gb"]),
            "GB",
            price("data_out_gb"),
        ),
        Line("Network", "Data between the zones", inner * 30 / MILLION / 2, "GB", price("between_zones_gb")),
        Line("Network", "Load balancer", hours, "h", price("alb_hour")),
        Line("Network", "Load balancer, capacity units", lcu * hours, "LCU-h", price("alb_lcu_hour")),
        Line("Edge", "Firewall, one list for all sites", ONE, "ACL", price("waf_acl_month")),
        Line("Edge", "Firewall, rules", Decimal(3), "rules", price("waf_rule_month")),
        Line("Edge", "Firewall, requests", requests / MILLION, "million", price("waf_million")),
        Line("Edge", "CloudFront, over the free 1 TB", over(out, FREE["cloudfront_gb"]), "GB", price("cloudfront_gb")),
        Line(
            "Edge",
            "CloudFront, over the free 10 million",
            over(requests / MILLION, FREE["cloudfront_million"]),
            "million",
            price("cloudfront_million"),
        ),
        Line("Edge", "Hosted zone of the domain", ONE, "zone", price("zone_month")),
    ]


def data(size: dict[str, Any], orders: Decimal, habits: Habits) -> list[Line]:
    """Return what database, cache, pictures and keys cost; parameters, which hold the secrets, cost nothing."""
    # Each event is sealed on the bus and in the archive; logs, queues and starting tasks take the rest.
    sealed = orders * habits.events_per_order * 2 + 2000
    hours, first = price("hours"), Decimal(size["database_storage"]["first"])
    times = Decimal(2 if size["multi_az"] else 1)
    kept = Decimal(5) + orders * Decimal("0.00005") * 24  # GB of backups: 5 GB, and 50 kB an order for two years
    zones = "two zones" if size["multi_az"] else "one zone"
    lines = [
        Line(
            "Data", f"PostgreSQL {size['database_class']}, {zones}", times * hours, "h", price(size["database_class"])
        ),
        Line("Data", f"Its storage, {zones}", times * first, "GB", price("database_gb_month")),
    ]
    if size["read_replica"]:
        lines.append(Line("Data", "Read replica", hours, "h", price(size["database_class"])))
        lines.append(Line("Data", "Its storage", first, "GB", price("database_gb_month")))
    keys = 1
    if size["second_region_copy"]:
        keys = 2
        lines.append(Line("Data", "Backups in the second region", kept, "GB", price("backup_gb_month")))
        lines.append(Line("Data", "Their way there", kept / 10 + 1, "GB", price("between_regions_gb")))
    return [
        *lines,
        Line(
            "Data",
            f"Valkey {size['cache_class']}",
            Decimal(size["cache_nodes"]) * hours,
            "h",
            price(size["cache_class"]),
        ),
        Line("Data", "Pictures and logs in S3", Decimal(4) + orders * Decimal("0.0001"), "GB", price("s3_gb_month")),
        Line("Data", "Images in ECR", Decimal(3 if size.get("demo_image") else 2), "GB", price("ecr_gb_month")),
        Line("Data", "Keys", Decimal(keys), "keys", price("key_month")),
        Line(
            "Data",
            "Uses of the keys, over the free 20,000",
            over(sealed, FREE["key_requests"]) / 10_000,
            "ten thousand",
            price("key_10000"),
        ),
    ]


def watching(name: str, size: dict[str, Any], inner: Decimal, habits: Habits) -> list[Line]:
    """Return what alarms, figures, logs and traces cost."""
    alarms, figures = PAID[name]
    alarms += DEMO_ALARMS if size.get("demo_image") else 0
    logged = inner * habits.kilobytes_logged_per_page / MILLION + Decimal("1.5")  # what the parts say by themselves
    traces = inner * Decimal(size["trace_percent"]) / 100
    return [
        Line(
            "Watching",
            "Figures that alarms look at, over 10",
            over(Decimal(alarms + DOMAIN_ALARMS), FREE["alarms"]),
            "figures",
            price("alarm_month"),
        ),
        Line("Watching", "Alarm of the objective", ONE, "alarm", price("composite_alarm_month")),
        Line(
            "Watching",
            "Figures of our own, over 10",
            over(Decimal(figures), FREE["metrics"]),
            "figures",
            price("metric_month"),
        ),
        Line("Watching", "Logs, over the free 5 GB", over(logged, FREE["log_gb"]), "GB", price("log_gb")),
        Line(
            "Watching",
            "Logs kept",
            over(logged * Decimal(size["log_days"]) / DAYS, FREE["log_gb"]),
            "GB",
            price("log_gb_month"),
        ),
        Line(
            "Watching",
            "Traces, over the free 100,000",
            over(traces, FREE["traces"]) / MILLION,
            "million",
            price("trace_million"),
        ),
        Line(
            "Watching",
            "Check from outside",
            Decimal(1 if size["outside_check"] else 0),
            "check",
            price("health_check_month"),
        ),
    ]


def messages(size: dict[str, Any], orders: Decimal, habits: Habits) -> list[Line]:
    """Return what events, mail and text messages cost; text messages end at the month's limit."""
    events = orders * habits.events_per_order / MILLION
    texts = min(orders * habits.texts_per_order, Decimal(size["sms_budget"]) / price("sms"))
    polls = 4 * price("hours") * 180 / MILLION  # each of four queues, asked every 20 seconds
    return [
        Line("Messages", "Events on the bus", events, "million", price("event_million")),
        Line("Messages", "Events in the archive, 2 kB each", events * 2, "GB", price("archive_gb")),
        Line(
            "Messages",
            "Queues, over the free million",
            over(events * 3 + polls, FREE["sqs_million"]),
            "million",
            price("sqs_million"),
        ),
        Line("Messages", "Mail", orders * habits.mails_per_order / 1000, "thousand", price("mail_1000")),
        Line("Messages", f"Text messages, at most {size['sms_budget']} USD", texts, "messages", price("sms")),
    ]
