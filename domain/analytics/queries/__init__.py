"""What the dashboard and the reports show, out of the figures that events keep."""

from domain.analytics.queries.funnel import Funnel, Opinions, funnel, opinions, reviews
from domain.analytics.queries.risk import AtRisk, stock_at_risk
from domain.analytics.queries.sales import BREAKDOWNS, DayFigures, Share, by_day, shares, top_products
from domain.analytics.queries.searches import EmptySearch, empty_searches
from domain.analytics.queries.summary import Summary, summary

__all__ = [
    "BREAKDOWNS",
    "AtRisk",
    "DayFigures",
    "EmptySearch",
    "Funnel",
    "Opinions",
    "Share",
    "Summary",
    "by_day",
    "empty_searches",
    "funnel",
    "opinions",
    "reviews",
    "shares",
    "stock_at_risk",
    "summary",
    "top_products",
]
