"""The Flask glue that the storefront and the admin share."""
