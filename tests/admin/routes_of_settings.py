"""The routes of the settings and of the first steps, with the permission that each takes."""

from admin.access import STAFF

ROUTES_OF_SETTINGS = {
    ("GET", "/settings"): "settings:write",
    ("POST", "/settings"): "settings:write",
    ("POST", "/settings/legal"): "settings:write",
    ("GET", "/settings/legal"): "settings:write",
    ("GET", "/settings/closing"): "settings:write",
    ("POST", "/settings/closing"): "settings:write",
    ("POST", "/settings/closing/end"): "settings:write",
    ("GET", "/start"): "settings:write",
    ("GET", "/start/<step>"): "settings:write",
    ("GET", "/start/look"): STAFF,
    ("POST", "/start/opening"): "settings:write",
    ("POST", "/start/away"): "settings:write",
    ("POST", "/start/<step>/later"): "settings:write",
    ("POST", "/start/place"): "settings:write",
    ("POST", "/start/money"): "settings:write",
    ("POST", "/start/delivery"): "shipping:write",
    ("POST", "/start/payment"): "settings:write",
    ("POST", "/start/goods"): "products:write",
    ("POST", "/start/tax"): "settings:write",
    ("GET", "/settings/logo"): "settings:write",
    ("POST", "/settings/logo"): "settings:write",
    ("POST", "/settings/logo/removal"): "settings:write",
    ("GET", "/settings/payment"): "settings:write",
    ("POST", "/settings/payment"): "settings:write",
    ("GET", "/settings/senders"): "settings:write",
    ("POST", "/settings/senders"): "settings:write",
    ("POST", "/settings/senders/tests"): "settings:write",
}
