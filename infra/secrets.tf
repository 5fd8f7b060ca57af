# What the shop must know and nobody may read: one parameter each, so that a role can be given those that its part reads and
# no other. ECS hands each container its own.

locals {
  handle_orders = ["admin", "scheduler", "storefront", "worker"]

  # Which containers read which secret; a test starts each with these alone. One that is not named here, from
  # var.setting_secrets, goes to those that handle orders.
  readers = {
    SHOP_DATABASE_URL         = ["admin", "migrate", "relay", "scheduler", "storefront", "worker"]
    SHOP_DATABASE_REPLICA_URL = ["admin", "storefront"]
    SHOP_REDIS_URL            = ["admin", "relay", "scheduler", "storefront", "worker"]
    SHOP_SECRET_KEY           = ["admin", "storefront", "worker"]
    SHOP_DEMO_GATEWAY_SECRET  = ["admin", "sandbox", "scheduler", "storefront", "worker"]
    SHOP_SMTP_PASSWORD        = ["worker"]
  }

  # Those that Terraform makes. A replica's address is the primary's where there is none: a parameter is never empty, and
  # tasks that start with the revision before find what that names.
  made = merge(
    {
      SHOP_DATABASE_URL         = { name = "database-url", value = local.database_url, what = "Where the database is, with its password" }
      SHOP_DATABASE_REPLICA_URL = { name = "database-replica-url", value = local.database_replica_url, what = "Where public pages are read from, with its password" }
      SHOP_REDIS_URL            = { name = "redis-url", value = local.redis_url, what = "Where the cache is, with its password" }
      SHOP_SECRET_KEY           = { name = "secret-key", value = random_password.shop.result, what = "What the shop signs and seals with" }
    },
    { for setting in ["SHOP_DEMO_GATEWAY_SECRET"] : setting => {
      name  = "demo-gateway-secret"
      value = random_password.demo_gateway.result
      what  = "What the shop and the demo gateway sign their messages to each other with"
    } if var.demo_image != "" },
  )

  # `store` is the service that keeps it: ssm or secretsmanager.
  secrets = merge(
    { for setting in keys(local.made) : setting => { arn = aws_ssm_parameter.secret[setting].arn, store = "ssm" } },
    { for setting, arn in var.setting_secrets : setting => { arn = arn, store = split(":", arn)[2] } },
  )

  secrets_of = { for container in local.containers : container => {
    for setting, from in local.secrets : setting => from
    if contains(lookup(local.readers, setting, local.handle_orders), container)
  } }

  # The settings insist on an address and a key: whoever has no use for them gets words that open nothing.
  instead = {
    SHOP_DATABASE_URL = "postgresql://database.invalid/none"
    SHOP_SECRET_KEY   = "this part of the shop signs nothing"
  }
}

resource "random_password" "database" {
  length  = 48
  special = false
}

resource "random_password" "cache" {
  length  = 64
  special = false
}

resource "random_password" "shop" {
  length  = 64
  special = false
}

resource "random_password" "demo_gateway" {
  length  = 48
  special = false
}

resource "aws_ssm_parameter" "secret" {
  for_each    = local.made
  name        = "/${local.prefix}/${each.value.name}"
  description = each.value.what
  type        = "SecureString"
  key_id      = aws_kms_key.this.arn
  value       = each.value.value
}
