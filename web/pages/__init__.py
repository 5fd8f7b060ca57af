"""Public pages kept in memory and in Redis, and shown without asking the app as long as nothing on them has changed."""

from web.pages.asked import TRACKING
from web.pages.front import init_pages
from web.pages.news import init_news
from web.pages.page import keep_page, query_as_sent

__all__ = ["TRACKING", "init_news", "init_pages", "keep_page", "query_as_sent"]
