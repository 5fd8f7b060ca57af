"""The people of the demo shop who can sign in; the seed makes them and `./shop up` prints them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoStaff:
    """Somebody who works in the demo shop."""

    email: str
    name: str
    role: str


STAFF_EMAIL = "owner@cornershop.test"
STAFF_PASSWORD = "cornershop-demo"  # noqa: S105 - printed at every start; the demo shop keeps no secret
STAFF = (
    DemoStaff(STAFF_EMAIL, "Maeve Brennan", "owner"),
    DemoStaff("orders@cornershop.test", "Tomás Quirke", "orders"),
    DemoStaff("catalogue@cornershop.test", "Ines Ferreira", "catalogue"),
    DemoStaff("support@cornershop.test", "Jonah Okafor", "support"),
)
SHOPPER_EMAIL = "shopper@cornershop.test"
SHOPPER_NAME = "Robin Lindqvist"
SHOPPER_PASSWORD = "cornershop-demo"  # noqa: S105
