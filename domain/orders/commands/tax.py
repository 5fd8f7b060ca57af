"""Saying which tax is borne where."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.orders.errors import BadTaxRate, RateThere
from domain.orders.models import TaxRate
from domain.orders.places import US_STATES
from domain.orders.queries.rates import one_tax_rate, tax_sets_in_use
from domain.orders.tax.rates import CLASSES
from domain.orders.tax.sets import set_names, tax_set
from domain.shared.db import take_turns
from domain.shared.errors import ChangedMeanwhile
from domain.shared.stamp import check_seen

MOST_POINTS = 10_000
_RATES = "the rates of tax"


def use_tax_sets(session: Session, names: Collection[str], *, seen: str | None = None) -> int:
    """Put the rates of these sets in the place of those of all other sets, and return how many rates they have.

    Rates that staff have entered or changed stay as they are, and count before those of a set. With `seen`, the stamp
    of the sets that were shown as used, raises ChangedMeanwhile if they are no longer those.
    """
    take_turns(session, _RATES)
    check_seen(seen, tax_sets_in_use(session), what="choice of sets")
    unknown = sorted(set(names) - set(set_names()))
    if unknown:
        raise BadTaxRate({"sets": f"There is no tax set {unknown[0]}. There are {', '.join(set_names())}."})
    session.execute(delete(TaxRate).where(TaxRate.tax_set != ""))
    rows = [
        {
            "country": rate.country,
            "region": rate.region,
            "tax_class": rate.tax_class,
            "valid_from": rate.valid_from,
            "name": chosen.tax,
            "basis_points": rate.basis_points,
            "source": chosen.source[:300],
            "tax_set": chosen.name,
        }
        for chosen in map(tax_set, sorted(set(names)))
        for rate in chosen.rates
    ]
    if rows:
        session.execute(insert(TaxRate).on_conflict_do_nothing(), rows)
    return len(rows)


def save_tax_rate(
    session: Session,
    *,
    country: str,
    region: str,
    tax_class: str,
    valid_from: date,
    name: str,
    basis_points: Decimal,
    source: str,
    seen: str | None = None,
) -> None:
    """Enter a rate by hand, in the place of one for the same place, class and day; raises BadTaxRate.

    With `seen`, the version of the one that was shown to be replaced, or nothing, raises RateThere if there is one by
    now and it is another.
    """
    problems = {}
    if len(country) != 2 or not country.isalpha() or not country.isupper():
        problems["country"] = "Choose a country."
    if region and (len(region) > 3 or not region.isalnum() or region != region.upper()):
        problems["region"] = "Enter the short code of the region, such as CA, or leave it empty."
    elif country == "US" and region not in US_STATES:
        problems["region"] = "Enter the state, such as CA: the USA have no tax of the whole country."
    if tax_class not in CLASSES:
        problems["tax_class"] = "Choose a class."
    if not name.strip():
        problems["name"] = "Enter what the tax is called, such as VAT."
    if not 0 <= basis_points <= MOST_POINTS or basis_points != basis_points.quantize(Decimal("0.001")):
        problems["percent"] = "Enter a percentage from 0 to 100, with up to five decimals."
    if problems:
        raise BadTaxRate(problems)
    take_turns(session, _RATES)
    present = one_tax_rate(session, country=country, region=region, tax_class=tax_class, valid_from=valid_from)
    if seen is not None and present is not None and present.version != seen:
        raise RateThere
    key = {"country": country, "region": region, "tax_class": tax_class, "valid_from": valid_from}
    values = {"name": name.strip()[:40], "basis_points": basis_points, "source": source.strip()[:300], "tax_set": ""}
    session.execute(
        insert(TaxRate).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
    )


def remove_tax_rate(
    session: Session, *, country: str, region: str, tax_class: str, valid_from: date, seen: str | None = None
) -> bool:
    """Take a rate away, and say whether it was there; the one before it, if any, holds again.

    With `seen`, the version that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    take_turns(session, _RATES)
    present = one_tax_rate(session, country=country, region=region, tax_class=tax_class, valid_from=valid_from)
    if seen is not None and present is not None and present.version != seen:
        raise ChangedMeanwhile("rate")
    gone = session.scalar(
        delete(TaxRate)
        .where(
            TaxRate.country == country,
            TaxRate.region == region,
            TaxRate.tax_class == tax_class,
            TaxRate.valid_from == valid_from,
        )
        .returning(TaxRate.country)
    )
    return gone is not None
