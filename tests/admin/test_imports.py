"""Staff take products in: a file is looked through, its remarks are shown, and it is taken in when they say so."""

import io
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.catalog.imports import background
from domain.catalog.imports.background import carry_on
from domain.catalog.queries import product_page
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from domain.users.roles import OWNER
from workers.jobs import run_handler

FILE = "Handle,Title,Variant SKU,Variant Price,Image Src\nmug,<b>Mug</b>,M-1,12.50,https://x.test/1.jpg\nbowl,Bowl,=B,1.234,\n"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def upload(client: Any, content: str = FILE, name: str = "shop.csv", **answers: str) -> Any:
    data = {"file": (io.BytesIO(content.encode()), name), "stock": "new", "pictures": "y"} | answers
    return client.post("/products/imports", data=data)


def work(sessions: Sessions, settings: Settings, where: str) -> UUID:
    """Have a worker do what is asked of it, until nothing is left of it."""
    undone = text(
        "SELECT id FROM shared.outbox o WHERE name = 'catalog.import_asked'"
        " AND NOT EXISTS (SELECT FROM shared.claims WHERE message_id = o.id) ORDER BY position LIMIT 1"
    )
    while True:
        with sessions() as session:
            message = session.scalar(undone)
        if message is None:
            return UUID(where.rpartition("/")[2])
        run_handler(sessions, settings, message, "catalog.carry_on_import")


def products(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(text("SELECT slug FROM catalog.products ORDER BY slug")))


def log_of(sessions: Sessions) -> list[tuple[str, str, str]]:
    """What the log of deeds says of imports, who did it and how much it was."""
    found = text("SELECT action, staff_name, detail FROM shared.audit_entries WHERE area = 'imports' ORDER BY id")
    with sessions() as session:
        return [tuple(row) for row in session.execute(found)]


def test_a_file_is_looked_through_and_then_taken_in(staff: Any, sessions: Sessions, settings: Settings) -> None:
    client = staff("catalogue", "Cato")
    where = upload(client).location
    assert "Waiting for a worker" in client.get(where).text

    work(sessions, settings, where)
    page = client.get(where).text

    assert "Looked through" in page
    assert "Nothing has changed yet." in page
    assert "Take in 1 product<" in page
    assert "“1.234” can be read in two ways." in page
    assert products(sessions) == []
    report = client.get(f"{where}/report.csv")
    assert report.mimetype == "text/csv"
    assert "3,Not taken,variant price,'=B," in report.text
    part = client.get(where, headers=PARTIAL).text
    assert part.startswith("<hx-partial")

    assert client.post(f"{where}/start").status_code == 303
    assert 'hx-trigger="every 2s"' in client.get(where).text
    import_id = work(sessions, settings, where)

    assert "Taken in" in client.get(where).text
    with sessions() as session:
        page = product_page(session, "mug", "EUR")
        assert (page.title, page.variants[0].price.amount) == ("Mug", 1250)
        assert session.scalars(text("SELECT by FROM catalog.imports")).all() == ["Cato"]
        assert session.scalar(text("SELECT count(*) FROM catalog.import_pieces")) == 0
    assert log_of(sessions) == [
        ("imports.upload", "Cato", "shop.csv"),
        ("imports.start", "Cato", "shop.csv: 2 products"),
        ("imports.finish", "Cato", "shop.csv: 1 made, 0 changed, 0 as they were, 1 refused"),
    ]
    found = staff("owner").get("/log?area=imports").text
    assert "Come to the end of an import" in found
    assert "shop.csv: 1 made, 0 changed, 0 as they were, 1 refused" in found
    with sessions() as session:
        of_import = text("SELECT count(*) FROM shared.audit_entries WHERE resource = :id AND staff_id IS NOT NULL")
        assert session.scalar(of_import, {"id": str(import_id)}) == 3
        events = session.scalars(text("SELECT name FROM shared.outbox ORDER BY position")).all()
    told = {"catalog.import_asked", "catalog.products_imported", "catalog.pictures_wanted"}
    assert [name.removeprefix("catalog.") for name in events if name in told] == [
        "import_asked", "import_asked", "products_imported", "pictures_wanted",
    ]  # fmt: skip
    assert client.post(f"{where}/start").status_code == 303, "a second word changes nothing"
    assert work(sessions, settings, where) == import_id
    assert products(sessions) == ["mug"]


def test_an_import_is_not_taken_in_or_stopped_and_what_came_stays(
    staff: Any, sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = staff("catalogue")
    where = upload(client).location
    work(sessions, settings, where)

    assert client.post(f"{where}/stop").status_code == 303

    assert "Stopped" in client.get(where).text
    assert log_of(sessions)[1:] == [("imports.stop", "Catalogue", "shop.csv: nothing was taken in")]
    client.post(f"{where}/start")
    client.post(f"{where}/continuation")
    work(sessions, settings, where)
    assert products(sessions) == []


def test_an_import_that_stands_still_is_carried_on(
    staff: Any, sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.catalog.imports.run.PRODUCTS", 1)
    client = staff("catalogue")
    where = upload(client, FILE.replace("1.234", "2")).location
    work(sessions, settings, where)
    client.post(f"{where}/start")
    import_id = UUID(where.rpartition("/")[2])

    with transaction(sessions) as tx:
        done = carry_on(sessions, import_id, settings, seconds=0)
        background._ask_again(tx, done)
    assert not done.finished
    assert "1 of 2 products" in client.get(where).text
    grace = staff("owner", "Grace")
    grace.post(f"{where}/continuation")
    work(sessions, settings, where)

    assert products(sessions) == ["bowl", "mug"]
    assert log_of(sessions)[2:] == [
        ("imports.go_on", "Grace", "shop.csv"),
        ("imports.finish", "Grace", "shop.csv: 2 made, 0 changed, 0 as they were, 0 refused"),
    ]


def test_an_import_that_is_stopped_half_way_says_in_the_log_what_came(
    staff: Any, sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.catalog.imports.run.PRODUCTS", 1)
    client = staff("catalogue")
    where = upload(client, FILE.replace("1.234", "2")).location
    import_id = work(sessions, settings, where)
    client.post(f"{where}/start")
    carry_on(sessions, import_id, settings, seconds=0)

    client.post(f"{where}/stop")

    came = "shop.csv: 1 made, 0 changed, 0 as they were, 0 refused"
    assert log_of(sessions)[2:] == [("imports.stop", "Catalogue", came)]
    client.post(f"{where}/stop")
    none = "shop.csv: it had ended already, so nothing was stopped"
    assert log_of(sessions)[3:] == [("imports.stop", "Catalogue", none)]
    with sessions() as session:
        rows = text(
            "SELECT count(*) FROM shared.audit_changes c JOIN shared.audit_entries e ON e.id = c.entry_id"
            " WHERE e.action = 'imports.stop'"
        )
        assert session.scalar(rows) == 0


def test_what_is_no_file_of_products_is_said(staff: Any, sessions: Sessions, settings: Settings) -> None:
    client = staff("catalogue")
    none = client.post("/products/imports", data={"stock": "new"})
    assert none.status_code == 422
    assert "Choose a file." in none.text

    where = upload(client, "Name,Phone\nAda,1\n").location
    work(sessions, settings, where)

    assert "The columns are of no format we know (name, phone…)." in client.get(where).text
    told = ("imports.finish", "Catalogue", "shop.csv: nothing was taken in. The columns are of no format we know")
    assert [(action, who, detail[: len(told[2])]) for action, who, detail in log_of(sessions)[1:]] == [told]
    assert "shop.csv" in client.get("/products/imports").text


def test_who_may_take_products_in(staff: Any, sessions: Sessions) -> None:
    analyst = staff("analyst")
    assert analyst.get("/products/imports").status_code == 403
    assert upload(analyst).status_code == 403
    with transaction(sessions) as tx:
        tx.execute(text("INSERT INTO users.roles (name, description, permissions)"
                        " VALUES ('writer', 'Writes', ARRAY['products:read','products:write'])"))  # fmt: skip
    writer = staff("writer")
    assert upload(writer, stock="all").status_code == 403
    assert upload(writer).status_code == 303
    theirs = upload(staff(OWNER, "Ada"), stock="all").location
    assert [writer.post(f"{theirs}/{deed}").status_code for deed in ("start", "continuation")] == [403, 403]
    assert staff(OWNER).get("/products/imports/00000000-0000-0000-0000-000000000000").status_code == 404
