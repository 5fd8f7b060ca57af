"""Static files and pictures: for ever under a name that changes, and nothing outside their folders."""

import gzip
import re
from gzip import compress
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from domain.catalog.media import LocalStorage, key_for
from domain.shared.settings import ROOT, Settings
from tests.web.conftest import make
from web.static import load_assets

HTMX = "vendor/htmx-4.0.1/htmx.min.js"


def test_a_file_is_kept_for_ever_and_sent_small(client: FlaskClient) -> None:
    url = client.application.jinja_env.globals["asset"](HTMX)

    answer = client.get(url, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(answer.data) < 14_000
    assert gzip.decompress(answer.data) == client.get(url).data == (ROOT / "static" / HTMX).read_bytes()


def test_an_old_version_is_answered_and_not_kept(client: FlaskClient) -> None:
    answer = client.get(f"/static/0000/{HTMX}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["/static/x/nope.css", "/static/x/../../wsgi.py", "/static/x/%2e%2e/%2e%2e/wsgi.py"])
def test_nothing_else_is_a_static_file(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_name_that_does_not_exist_fails_where_it_is_written(client: FlaskClient) -> None:
    with pytest.raises(KeyError, match="css/none"):
        client.application.jinja_env.globals["asset"]("css/none.css")


def test_a_style_sheet_takes_in_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text('@layer base;\n@import "base.css" layer(base);\n@import url("more.css");\n')
    (tmp_path / "base.css").write_text("a{color:red}")
    (tmp_path / "more.css").write_text("b{color:blue}")

    content = load_assets(tmp_path).files["site.css"].content.decode()

    assert content == "@layer base;\n@layer base {\na{color:red}\n}\nb{color:blue}\n"


def test_pictures_are_kept_for_ever_and_their_folder_is_not_left(unreachable: Settings, tmp_path: Path) -> None:
    key = key_for(b"picture", "avif")
    LocalStorage(tmp_path / "media").put(key, b"picture", "image/avif")
    (tmp_path / "secret.txt").write_text("secret")
    client = make(unreachable.model_copy(update={"var": tmp_path})).test_client()

    answer = client.get(f"/media/{key}")

    assert (answer.data, answer.content_type) == (b"picture", "image/avif")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/media/../secret.txt", "/media/%2e%2e/secret.txt", f"/media/{key[:2]}", "/media/none.webp"):
        assert client.get(path).status_code == 404


def test_vendored_files_are_what_their_list_says() -> None:
    folder = ROOT / "static" / "vendor"
    listed = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (folder / "README.md").read_text(), re.MULTILINE)

    assert {name for name, _ in listed} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != "README.md"
    }
    assert all(sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in listed)


def test_our_own_scripts_stay_small() -> None:
    modules = {path.name: path.read_bytes() for path in (ROOT / "static" / "js").glob("*.js")}
    loaded = {
        site: {site, *re.findall(r'import "\./([\w-]+\.js)"', modules[site].decode())}
        for site in ("shop.js", "admin.js")
    }

    assert set(modules) == loaded["shop.js"] | loaded["admin.js"]
    assert max(len(module) for module in modules.values()) <= 4 * 1024
    for site, names in loaded.items():
        assert sum(len(compress(modules[name])) for name in names) <= 6 * 1024, site  # as they travel
