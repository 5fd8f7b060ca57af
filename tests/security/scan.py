"""An outside scanner goes over both running apps: `python -m tests.security.scan`, not part of `./shop test`.

It starts a store of its own with the demo shop in it, installs Wapiti (pinned by hash in
requirements/scan.lock) into a virtual environment of its own, and lets it crawl and attack the storefront as a shopper
who is signed in and the admin as the owner, and the APIs of both with a token and a key. It starts at every page that
takes no argument, at every operation of the contracts, and at what a guest's keys open, and says which pages it did not
come to. It fails if anything of medium severity or above is found.
"""

import argparse
import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
import venv
from http.cookiejar import CookieJar
from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException

from admin.views.keys import USED
from cli.demo_accounts import SHOPPER_EMAIL, SHOPPER_PASSWORD, STAFF_EMAIL, STAFF_PASSWORD
from cli.docs.routes import both_apps
from cli.shopper import Shopper
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
LEAVING = (
    "sign-out", "account/sign-ins/*", "api/v1/tokens/current", "me/*", "staff/*/block", "staff/*/role",
    "staff/*/sign-out", "staff/*/reset", "staff/roles/owner", "keys/*/end", "log*",
)  # fmt: skip
"""Addresses that would end the scanner's own sign-in or block its account, or only list what it did."""
FILES = 32
"""How many addresses of one folder are looked at: more than either app has pages at its root."""


def sign_in(name: str, base: str, email: str, password: str) -> list[str]:
    """Sign in to an app by browser and for its API, and return the headers that carry both."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    data = urllib.parse.urlencode({"email": email, "password": password}).encode()
    opener.open(f"{base}/sign-in", data=data, timeout=30).read()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    if "session" not in cookies:
        raise SystemExit(f"scan: {email} could not sign in at {base}.")
    if name == "admin":
        asked = [("name", "Scanner"), ("days", "1"), *(("scopes", scope) for scope in USED)]
        page = opener.open(f"{base}/keys", data=urllib.parse.urlencode(asked).encode(), timeout=30).read().decode()
        token = re.findall(r'<code class="secret">([^<]+)</code>', page)[0]
    else:
        wanted = urllib.request.Request(  # noqa: S310
            f"{base}/api/v1/tokens",
            data=json.dumps({"email": email, "password": password}).encode(),
            headers={"Content-Type": "application/json"},
        )
        token = json.load(opener.open(wanted, timeout=30))["access_token"]
    return [f"Cookie: {cookies}", f"Authorization: Bearer {token}"]


def pages_of(app: Flask, order: str) -> list[str]:
    """Return the addresses of all that an app shows of one order, by that of its page."""
    address = urllib.parse.urlsplit(order)
    number = address.path.rpartition("/")[2]
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    own = [rule.rule.replace("<number>", number) for rule in rules if rule.arguments == {"number"}]
    return [address._replace(path=path).geturl() for path in own]


def guests_pages(app: Flask, base: str) -> list[str]:
    """Order something and share a wishlist as a guest; return the addresses that these open by their keys."""
    with urllib.request.urlopen(f"{base}/api/v1/products?in_stock=true&limit=1", timeout=30) as answer:  # noqa: S310
        slug = json.load(answer)["items"][0]["slug"]
    guest = Shopper(base)
    guest.submit(guest.open(f"/p/{slug}").form("/wishlist/items"))
    shared = re.search(r"/wishlists/[\w-]+", guest.post("/wishlist/sharing", {}).text)
    guest.add_to_cart(slug)
    order = guest.pay(guest.check_out())
    return [*pages_of(app, order.url), f"{base}{shared.group()}" if shared else f"{base}/wishlist"]


def staffs_pages(app: Flask, base: str, headers: list[str]) -> list[str]:
    """Have the orders written to a file; return its address, and those of all that the admin shows of one order."""
    sent = dict(header.split(": ", 1) for header in headers)
    wanted = urllib.request.Request(f"{base}/api/v1/orders?limit=1", headers=sent)  # noqa: S310
    with urllib.request.urlopen(wanted, timeout=30) as answer:  # noqa: S310
        number = json.load(answer)["items"][0]["number"]
    asked = urllib.request.Request(f"{base}/orders/exports", data=b"", headers=sent)  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        export = answer.url
    return [*pages_of(app, f"{base}/orders/{number}"), export]


def beginnings(app: Flask, base: str) -> list[str]:
    """Return the addresses of all pages that take no argument."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments)
    return sorted(f"{base}{rule.rule}" for rule in rules)


def missed(app: Flask, session: Path) -> list[str]:
    """Return the pages of an app's map that the scanner did not come to."""
    come_to: set[str] = set()
    for database in session.glob("*.db"):
        with contextlib.closing(sqlite3.connect(database)) as held:
            for path, method in held.execute("select path, method from paths where not evil"):
                with contextlib.suppress(HTTPException):
                    come_to.add(app.url_map.bind("").match(urllib.parse.urlsplit(path).path, method)[0])
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted(rule.rule for rule in rules if rule.endpoint not in come_to)


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


def scan(
    wapiti: Path,
    name: str,
    app: Flask,
    base: str,
    headers: list[str],
    starts: list[str],
    *,
    into: Path,
    minutes: int,
) -> list[dict]:
    """Crawl and attack one app and return what was found, each with its category."""
    excluded = [word for path in LEAVING for word in ("-x", f"{base}/{path}")]
    started = [word for address in starts for word in ("-s", address)]
    sent = [word for header in headers for word in ("-H", header)]
    report, session = into / f"{name}.json", into / f"{name}-session"
    subprocess.run(  # noqa: S603
        [
            wapiti, "-u", f"{base}/", "--scope", "domain", "-m", MODULES, *sent, *started, *excluded,
            "--swagger", f"{base}/api/v1/openapi.json", "-d", "4", "--max-files-per-dir", str(FILES),
            "--max-links-per-page", "60", "--max-parameters", "14", "--max-scan-time", str(minutes * 20),
            "--max-attack-time", str(minutes * 3), "--tasks", "4", "-t", "20", "--flush-session",
            "--store-session", session, "-f", "json", "-o", report, "--no-bugreport", "--color",
        ],
        check=True, stdout=(into / f"{name}.out").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    read = json.loads(report.read_text())
    pages = len(read.get("infos", {}).get("crawled_pages") or []) or read.get("infos", {}).get("crawled_pages_nbr")
    print(f"{name}: {pages} addresses and forms; not come to: {', '.join(missed(app, session)) or 'none'}", flush=True)
    kinds = {**read["vulnerabilities"], **read["anomalies"]}
    return [{**finding, "kind": kind} for kind, findings in kinds.items() for finding in findings]


def main() -> int:
    """Scan both apps, say what was found, and return 1 if any of it is of medium severity or above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "scan", help="where the scanner and its reports lie")
    parser.add_argument("--minutes", type=int, default=20, help="how long to crawl and attack each app, about")
    parser.add_argument("--app", choices=("storefront", "admin"), help="scan only this one")
    parser.add_argument("--base-url", help="the storefront of a store that runs already, with the demo shop in it")
    parser.add_argument("--admin-url", help="the admin of that store")
    args = parser.parse_args()
    args.var.mkdir(parents=True, exist_ok=True)
    wapiti, worst = wapiti_of(args.var / "venv"), -1
    storefront, admin = both_apps()
    with contextlib.ExitStack() as stack:
        if not args.base_url:
            store = stack.enter_context(running_store(SHOP_RATE_LIMITS="false"))
            args.base_url, args.admin_url = store.base_url, store.admin_url
        apps = (
            ("storefront", storefront, args.base_url, SHOPPER_EMAIL, SHOPPER_PASSWORD),
            ("admin", admin, args.admin_url, STAFF_EMAIL, STAFF_PASSWORD),
        )
        for name, app, base, email, password in apps:
            if args.app not in (None, name):
                continue
            headers, starts = sign_in(name, base, email, password), beginnings(app, base)
            starts += guests_pages(app, base) if name == "storefront" else staffs_pages(app, base, headers)
            for found in scan(wapiti, name, app, base, headers, starts, into=args.var, minutes=args.minutes):
                worst = max(worst, int(found["level"]))
                where = re.sub(r"\s+", " ", f"{found['method']} {found['path']} {found.get('parameter') or ''}")
                print(f"  {LEVELS[int(found['level'])]}: {found['kind']}: {where.strip()}: {found['info']}")
    print("Nothing of medium severity or above." if worst < MEDIUM else "There is something to mend.")
    return int(worst >= MEDIUM)


if __name__ == "__main__":
    sys.exit(main())
