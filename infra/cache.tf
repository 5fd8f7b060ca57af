# Valkey: the queues of the workers and what is dear to compute. It may be lost at any moment: the outbox fills it again.

locals {
  redis_url = "rediss://:${random_password.cache.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = local.prefix
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}

resource "aws_security_group" "cache" {
  name        = "${local.prefix}-cache"
  description = "Valkey: from the shop's tasks in, nothing out"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.prefix}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "cache" {
  for_each                     = local.uses_cache
  security_group_id            = aws_security_group.cache.id
  description                  = "From ${each.key}"
  referenced_security_group_id = module.service[each.key].security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_parameter_group" "this" {
  name        = local.prefix
  family      = "valkey8"
  description = "Jobs are never dropped to make room"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV2_AWS_50: Two nodes where the size says so; one may be lost, see above.
  replication_group_id       = local.prefix
  description                = "Queues and cache"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.cache_class
  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = var.cache_nodes > 1
  multi_az_enabled           = var.cache_nodes > 1
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.cache.id]
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = random_password.cache.result
  auth_token_update_strategy = "ROTATE"
  auto_minor_version_upgrade = true
  maintenance_window         = "sun:05:30-sun:06:30"
  snapshot_retention_limit   = 0
  apply_immediately          = false

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.cache.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = { Name = local.prefix }
}

resource "aws_cloudwatch_log_group" "cache" {
  # checkov:skip=CKV_AWS_338: How long logs are kept is for the operator to say (log_days).
  name              = "/aws/elasticache/${local.prefix}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.this.arn
}
