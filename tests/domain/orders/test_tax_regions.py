"""Regions with rates of their own are told by name."""

from domain.orders.tax.regions import region_name
from domain.orders.tax.sets import set_names, tax_set


def test_every_region_outside_the_united_states_has_a_name():
    regions = {(rate.country, rate.region) for name in set_names() for rate in tax_set(name).rates if rate.region}

    assert ("PT", "30") in regions
    assert [one for one in sorted(regions) if one[0] != "US" and region_name(*one) == one[1]] == []
    assert region_name("PT", "30") == "Madeira"
    assert region_name("US", "CA") == "CA"
