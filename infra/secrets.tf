# One secret with what the shop must know and nobody may read, one with what it shares with the demo gateway; ECS hands
# each container the keys it reads.

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

  secrets = merge(
    {
      SHOP_DATABASE_URL         = { arn = aws_secretsmanager_secret.shop.arn, key = "database_url" }
      SHOP_DATABASE_REPLICA_URL = { arn = aws_secretsmanager_secret.shop.arn, key = "database_replica_url" }
      SHOP_REDIS_URL            = { arn = aws_secretsmanager_secret.shop.arn, key = "redis_url" }
      SHOP_SECRET_KEY           = { arn = aws_secretsmanager_secret.shop.arn, key = "secret_key" }
    },
    { for secret in aws_secretsmanager_secret.demo : "SHOP_DEMO_GATEWAY_SECRET" => { arn = secret.arn, key = "" } },
    { for setting, arn in var.setting_secrets : setting => { arn = arn, key = "" } },
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

resource "aws_secretsmanager_secret" "shop" {
  # checkov:skip=CKV2_AWS_57: Rotated by hand as docs/deployment.md says: tasks read it when they start, so they must be started again with it.
  name                    = "${local.prefix}/shop"
  description             = "Addresses with passwords of database and cache, and the keys the shop signs with"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "shop" {
  secret_id = aws_secretsmanager_secret.shop.id
  secret_string = jsonencode({
    database_url         = local.database_url
    database_replica_url = local.database_replica_url
    redis_url            = local.redis_url
    secret_key           = random_password.shop.result
  })
}

resource "aws_secretsmanager_secret" "demo" {
  # checkov:skip=CKV2_AWS_57: It protects play money; a new one comes with a new installation.
  count                   = var.demo_image == "" ? 0 : 1
  name                    = "${local.prefix}/demo-gateway"
  description             = "What the shop and the demo gateway sign their messages to each other with"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "demo" {
  count         = length(aws_secretsmanager_secret.demo)
  secret_id     = aws_secretsmanager_secret.demo[0].id
  secret_string = random_password.demo_gateway.result
}
