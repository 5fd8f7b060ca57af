"""Who may use each route of the storefront: one table, which a test compares with the routes there are."""

from enum import Enum

from web.rates import FREE, SEARCH, SIGN_IN


class Who(Enum):
    """The ways to be let in."""

    EVERYBODY = "everybody"
    OWN_CART = "everybody, on the cart their own cookie names"
    OWN_ORDER = "whoever holds the order's link, and the signed-in shopper who placed it"
    OWN_MAIL = "whoever reads the mail that holds the link, once"
    READER = "whoever holds the signed link of a letter"
    SHOPPER = "a signed-in shopper, on their own account"
    GATEWAY = "a payment gateway, by its signature"


ACCESS: dict[str, Who] = {
    "home.show": Who.EVERYBODY,
    "catalog.category": Who.EVERYBODY,
    "catalog.search": Who.EVERYBODY,
    "catalog.product": Who.EVERYBODY,
    "catalog.wait": Who.EVERYBODY,
    "cart.show": Who.OWN_CART,
    "cart.badge": Who.OWN_CART,
    "cart.add_line": Who.OWN_CART,
    "cart.undo": Who.OWN_CART,
    "cart.change_line": Who.OWN_CART,
    "codes.enter": Who.OWN_CART,
    "codes.remove": Who.OWN_CART,
    "checkout.start": Who.OWN_CART,
    "checkout.details": Who.OWN_CART,
    "checkout.save_details": Who.OWN_CART,
    "checkout.delivery": Who.OWN_CART,
    "checkout.save_method": Who.OWN_CART,
    "checkout.review": Who.OWN_CART,
    "checkout.order": Who.OWN_CART,
    "orders.show": Who.OWN_ORDER,
    "orders.status": Who.OWN_ORDER,
    "orders.come_back": Who.OWN_ORDER,
    "orders.pay_again": Who.OWN_ORDER,
    "aftercare.ask_to_cancel": Who.OWN_ORDER,
    "aftercare.cancel": Who.OWN_ORDER,
    "aftercare.ask": Who.OWN_ORDER,
    "aftercare.send_back": Who.OWN_ORDER,
    "aftercare.show_paper": Who.OWN_ORDER,
    "aftercare.again": Who.OWN_ORDER,
    "account.sign_in": Who.EVERYBODY,
    "account.authenticate": Who.EVERYBODY,
    "registration.register": Who.EVERYBODY,
    "registration.ask": Who.EVERYBODY,
    "registration.sent": Who.EVERYBODY,
    "registration.confirmation": Who.OWN_MAIL,
    "registration.confirm": Who.OWN_MAIL,
    "registration.forgotten": Who.EVERYBODY,
    "registration.send_reset": Who.EVERYBODY,
    "registration.reset_sent": Who.EVERYBODY,
    "registration.new_password": Who.OWN_MAIL,
    "registration.set_password": Who.OWN_MAIL,
    "account.ask_code": Who.EVERYBODY,
    "account.prove": Who.EVERYBODY,
    "profile.show": Who.SHOPPER,
    "profile.rename": Who.SHOPPER,
    "profile.ask_email": Who.SHOPPER,
    "profile.email_confirmation": Who.SHOPPER,
    "profile.confirm_email": Who.SHOPPER,
    "profile.set_password": Who.SHOPPER,
    "address_book.show": Who.SHOPPER,
    "address_book.new": Who.SHOPPER,
    "address_book.add": Who.SHOPPER,
    "address_book.edit": Who.SHOPPER,
    "address_book.change": Who.SHOPPER,
    "address_book.drop": Who.SHOPPER,
    "privacy.show": Who.SHOPPER,
    "privacy.export": Who.SHOPPER,
    "privacy.delete": Who.SHOPPER,
    "privacy.gone": Who.EVERYBODY,
    "second_step.show": Who.SHOPPER,
    "second_step.begin": Who.SHOPPER,
    "second_step.confirm": Who.SHOPPER,
    "second_step.end": Who.SHOPPER,
    "sign_ins.show": Who.SHOPPER,
    "sign_ins.end": Who.SHOPPER,
    "sign_ins.end_others": Who.SHOPPER,
    "account.sign_out": Who.EVERYBODY,
    "account.orders": Who.SHOPPER,
    "messages.ask_to_leave": Who.READER,
    "messages.leave": Who.READER,
    "messages.ask_opinion": Who.OWN_ORDER,
    "messages.give_opinion": Who.OWN_ORDER,
    "messages.index": Who.SHOPPER,
    "messages.read": Who.SHOPPER,
    "messages.prefer": Who.SHOPPER,
    "messages.give_phone": Who.SHOPPER,
    "messages.verify_phone": Who.SHOPPER,
    "messages.forget_phone": Who.SHOPPER,
    "webhooks.receive": Who.GATEWAY,
    "meta.robots": Who.EVERYBODY,
    "meta.sitemap": Who.EVERYBODY,
    "meta.favicon": Who.EVERYBODY,
    "meta.old_favicon": Who.EVERYBODY,
    "media": Who.EVERYBODY,
    "static": Who.EVERYBODY,
    "healthz": Who.EVERYBODY,
    "readyz": Who.EVERYBODY,
}

RATES: dict[str, str] = {
    "account.authenticate": SIGN_IN,
    "account.prove": SIGN_IN,
    "privacy.delete": SIGN_IN,
    "privacy.export": SEARCH,
    "profile.ask_email": SIGN_IN,
    "profile.set_password": SIGN_IN,
    "second_step.end": SIGN_IN,
    "registration.ask": SIGN_IN,
    "registration.confirm": SIGN_IN,
    "registration.send_reset": SIGN_IN,
    "registration.set_password": SIGN_IN,
    "catalog.search": SEARCH,
    "webhooks.receive": FREE,
}
"""How often each route may be used, where that does not follow from its method: see web/rates.py."""
