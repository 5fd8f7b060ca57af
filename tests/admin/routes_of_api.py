"""The operations of the admin's API, with the permission that each takes of its key."""

from admin.access import EVERYBODY

ROUTES_OF_API = {
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    ("GET", "/api/v1/docs"): EVERYBODY,
    ("GET", "/api/v1/inventory"): "inventory:read",
    ("GET", "/api/v1/inventory/<uuid:variant_id>"): "inventory:read",
    ("POST", "/api/v1/inventory/<uuid:variant_id>/receipts"): "inventory:write",
    ("POST", "/api/v1/inventory/<uuid:variant_id>/counts"): "inventory:write",
    ("PUT", "/api/v1/inventory/<uuid:variant_id>/selling"): "inventory:write",
    ("GET", "/api/v1/orders"): "orders:read",
    ("GET", "/api/v1/orders/<number>"): "orders:read",
    ("POST", "/api/v1/orders/<number>/packing"): "orders:ship",
    ("POST", "/api/v1/orders/<number>/shipments"): "orders:ship",
    ("POST", "/api/v1/orders/<number>/delivery"): "orders:ship",
    ("POST", "/api/v1/orders/<number>/cancellation"): "orders:cancel",
    ("GET", "/api/v1/products"): "products:read",
    ("GET", "/api/v1/products/<uuid:product_id>"): "products:read",
    ("PATCH", "/api/v1/products/<uuid:product_id>"): "products:write",
    ("GET", "/api/v1/inventory/<uuid:variant_id>/movements"): "inventory:read",
    ("GET", "/api/v1/returns"): "orders:read",
    ("GET", "/api/v1/returns/<uuid:return_id>"): "orders:read",
    ("POST", "/api/v1/returns/<uuid:return_id>/decision"): "orders:refund",
    ("POST", "/api/v1/returns/<uuid:return_id>/receipt"): "orders:refund",
    ("POST", "/api/v1/orders/<number>/payments/<uuid:payment_id>/confirmation"): "payments:confirm",
    ("POST", "/api/v1/orders/<number>/refunds"): "orders:refund",
    ("POST", "/api/v1/orders/<number>/refunds/<uuid:refund_id>/confirmation"): "payments:confirm",
    ("POST", "/api/v1/products"): "products:write",
    ("POST", "/api/v1/products/<uuid:product_id>/variants"): "products:write",
}
