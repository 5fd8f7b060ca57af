"""The people of the demo shop who can sign in; the seed makes them and `./shop up` prints them."""

STAFF_EMAIL = "owner@cornershop.test"
STAFF_PASSWORD = "cornershop-demo"  # noqa: S105 - printed at every start; the demo shop keeps no secret
SHOPPER_EMAIL = "shopper@cornershop.test"
SHOPPER_PASSWORD = "cornershop-demo"  # noqa: S105
