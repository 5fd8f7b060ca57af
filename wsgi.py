"""The two WSGI apps, `wsgi:storefront` and `wsgi:admin`; each is made when it is first asked for, and only that one."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

APPS = frozenset({"storefront", "admin"})


def __getattr__(name: str) -> "Flask":
    if name not in APPS:
        raise AttributeError(name)
    from importlib import import_module

    app: Flask = import_module(name).create_app()
    globals()[name] = app
    # What is here now stays: the collector need not walk over it while it serves pages. A page makes thousands of
    # things that go with it, without any circle; looking for circles after each 700 of them takes a twentieth of it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 20, 20)
    return app
