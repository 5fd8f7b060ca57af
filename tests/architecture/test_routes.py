"""Every route of both apps says who may use it."""

from domain.shared.settings import Settings
from storefront.access import ACCESS


def test_every_route_of_the_storefront_is_in_the_table(settings: Settings) -> None:
    from storefront import create_app

    endpoints = {rule.endpoint for rule in create_app(settings=settings).url_map.iter_rules()}
    assert endpoints == set(ACCESS)


def test_every_route_of_the_admin_names_a_permission(settings: Settings) -> None:
    from admin import create_app
    from admin.access import permission_of

    app = create_app(settings=settings)
    nameless = [rule.rule for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None]
    assert nameless == []


def test_reading_a_page_never_changes_anything(settings: Settings) -> None:
    """What changes something is a POST of its own; no address takes both under one function."""
    from admin import create_app as create_admin
    from storefront import create_app as create_storefront

    for create in (create_storefront, create_admin):
        for rule in create(settings=settings).url_map.iter_rules():
            assert not {"GET", "POST"} <= (rule.methods or set()), rule.rule
