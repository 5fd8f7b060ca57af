# One secret with all that tasks must know and nobody may read; ECS hands each task the keys it is allowed.

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
    demo_gateway_secret  = random_password.demo_gateway.result
  })
}
