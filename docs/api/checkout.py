"""Buys the first thing in stock, as a phone would: python checkout.py http://localhost:8000"""

import json
import sys
import time
import urllib.request
import uuid

shop, held = sys.argv[1].rstrip("/") + "/api/v1", {}


def call(method, path, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in {**held, **headers}.items()}
    asked = urllib.request.Request(shop + path, data, {"Content-Type": "application/json", **named}, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer), answer.headers["ETag"]


card = call("GET", "/products?in_stock=true&limit=1")[0]["items"][0]
product, _ = call("GET", f"/products/{card['slug']}")
variant = next(variant for variant in product["variants"] if variant["buyable"])
cart, _ = call("POST", "/cart/lines", {"sku": variant["sku"], "quantity": 1}, Idempotency_Key=str(uuid.uuid4()))
held["Cart-Token"] = cart["token"]  # a signed-in shopper would send Authorization: Bearer … as well

_, tag = call("GET", "/checkout")
home = {"name": "Aoife Byrne", "line1": "12 Harbour Road", "city": "Howth", "postcode": "D13 X2Y4", "country": "IE"}
checkout, tag = call("PUT", "/checkout/details", {"email": "aoife@example.com", "shipping_address": home}, If_Match=tag)
way = checkout["delivery_options"][0]["code"]
checkout, tag = call("PUT", "/checkout/delivery", {"delivery": way}, If_Match=tag)

agreed = {"agreement": checkout["agreement"], "agreed_total": checkout["cart"]["quote"]["total"]}
wanted = agreed | {"way_to_pay": checkout["ways_to_pay"][0]["name"]}
order, _ = call("POST", "/orders", wanted, Idempotency_Key=str(uuid.uuid4()))  # sent again, it is the same order
print("Pay at", order["payment"]["redirect_url"], flush=True)

while order["payment"]["pending"]:  # the gateway tells the shop; here a phone would show its page
    time.sleep(0.5)
    order, _ = call("GET", f"/orders/{order['number']}", Order_Key=order["key"])
print(order["number"], order["state"], order["total"]["amount"], order["total"]["currency"])
