"""The services outside the shop, played on this machine: a payment gateway, and a mail server with a mailbox page.

They keep their own records in `SHOP_VAR/sandbox.sqlite`, never in the shop's database, and speak to the shop only as
their real counterparts would: over HTTP and SMTP.
"""
