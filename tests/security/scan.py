"""An outside scanner goes over both running apps: `python -m tests.security.scan`, not part of `./shop test`.

It starts a store of its own with the demo shop in it, installs Wapiti (pinned by hash in
requirements/scan.lock) into a virtual environment of its own, and lets it crawl and attack the storefront as a shopper
who is signed in and the admin as the owner. It fails if anything of medium severity or above is found.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
import venv
from http.cookiejar import CookieJar
from pathlib import Path

from cli.demo_accounts import SHOPPER_EMAIL, SHOPPER_PASSWORD, STAFF_EMAIL, STAFF_PASSWORD
from tests.journeys.store import ROOT, running_store

LEVELS = ("info", "low", "medium", "high", "critical")
MEDIUM = LEVELS.index("medium")
MODULES = (
    "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,"
    "timesql,upload,xss"
)
"""Not those that need a listener on the internet (ssrf, xxe, log4shell); not csrf, which looks for tokens in forms
where the shop goes by Fetch Metadata and Origin (tests/web/test_csrf.py); not ldap, which takes any form
that answers two inputs differently for a door to a directory, and there is none here."""
LEAVING = ("sign-out", "account/sign-ins/*", "me/*", "staff/*", "log*")
"""Addresses that would end the scanner's own sign-in or block its account, or only list what it did."""


def sign_in(base: str, email: str, password: str) -> str:
    """Sign in to an app and return the cookies as a header holds them."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    data = urllib.parse.urlencode({"email": email, "password": password}).encode()
    opener.open(f"{base}/sign-in", data=data, timeout=30).read()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    if "session" not in cookies:
        raise SystemExit(f"scan: {email} could not sign in at {base}.")
    return cookies


def wapiti_of(place: Path) -> Path:
    """Install the scanner where it is not yet, and return its command."""
    command = place / "bin" / "wapiti"
    if not command.exists():
        print(f"Installing Wapiti into {place}…", flush=True)
        venv.create(place, with_pip=True)
        lock = ROOT / "requirements" / "scan.lock"
        pip = [place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)  # noqa: S603
    return command


def scan(wapiti: Path, name: str, base: str, cookies: str, *, into: Path, minutes: int) -> list[dict]:
    """Crawl and attack one app and return what was found, each with its category."""
    excluded = [word for path in LEAVING for word in ("-x", f"{base}/{path}")]
    report = into / f"{name}.json"
    subprocess.run(  # noqa: S603
        [
            wapiti, "-u", f"{base}/", "--scope", "domain", "-m", MODULES, "-H", f"Cookie: {cookies}",
            *excluded, "-d", "4", "--max-files-per-dir", "12", "--max-links-per-page", "60",
            "--max-parameters", "14", "--max-scan-time", str(minutes * 30), "--max-attack-time", str(minutes * 4),
            "--tasks", "4", "-t", "20", "--flush-session", "--store-session", into / "session",
            "-f", "json", "-o", report, "--no-bugreport", "--color",
        ],
        check=True, stdout=(into / f"{name}.out").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    read = json.loads(report.read_text())
    pages = len(read.get("infos", {}).get("crawled_pages") or []) or read.get("infos", {}).get("crawled_pages_nbr")
    print(f"{name}: {pages} addresses and forms", flush=True)
    kinds = {**read["vulnerabilities"], **read["anomalies"]}
    return [{**finding, "kind": kind} for kind, findings in kinds.items() for finding in findings]


def main() -> int:
    """Scan both apps, say what was found, and return 1 if any of it is of medium severity or above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "scan", help="where the scanner and its reports lie")
    parser.add_argument("--minutes", type=int, default=20, help="how long to crawl and attack each app, about")
    parser.add_argument("--base-url", help="the storefront of a store that runs already, with the demo shop in it")
    parser.add_argument("--admin-url", help="the admin of that store")
    args = parser.parse_args()
    args.var.mkdir(parents=True, exist_ok=True)
    wapiti, worst = wapiti_of(args.var / "venv"), -1
    with contextlib.ExitStack() as stack:
        if not args.base_url:
            store = stack.enter_context(running_store(SHOP_RATE_LIMITS="false"))
            args.base_url, args.admin_url = store.base_url, store.admin_url
        apps = (
            ("storefront", args.base_url, SHOPPER_EMAIL, SHOPPER_PASSWORD),
            ("admin", args.admin_url, STAFF_EMAIL, STAFF_PASSWORD),
        )
        for name, base, email, password in apps:
            cookies = sign_in(base, email, password)
            for found in scan(wapiti, name, base, cookies, into=args.var, minutes=args.minutes):
                worst = max(worst, int(found["level"]))
                where = re.sub(r"\s+", " ", f"{found['method']} {found['path']} {found.get('parameter') or ''}")
                print(f"  {LEVELS[int(found['level'])]}: {found['kind']}: {where.strip()}: {found['info']}")
    print("Nothing of medium severity or above." if worst < MEDIUM else "There is something to mend.")
    return int(worst >= MEDIUM)


if __name__ == "__main__":
    sys.exit(main())
