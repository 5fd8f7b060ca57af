# PostgreSQL: the one place where what must not be lost is kept.

locals {
  database_name = "shop"

  # The image holds the roots of RDS: who answers must be the database, not somebody in between.
  database_root = "rds-ca-rsa2048-g1"
  database_tail = "sslmode=verify-full&sslrootcert=/app/domain/shared/rds.pem"

  database_url = "postgresql://${aws_db_instance.this.username}:${random_password.database.result}@${aws_db_instance.this.address}:5432/${local.database_name}?${local.database_tail}"

  # Without a replica reads go where everything goes.
  database_replica_url = "postgresql://${aws_db_instance.this.username}:${random_password.database.result}@${var.read_replica ? aws_db_instance.replica[0].address : aws_db_instance.this.address}:5432/${local.database_name}?${local.database_tail}"
}

resource "aws_db_subnet_group" "this" {
  name       = local.prefix
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}

resource "aws_security_group" "database" {
  name        = "${local.prefix}-database"
  description = "PostgreSQL: from the shop's tasks in, nothing out"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.prefix}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each                     = local.uses_database
  security_group_id            = aws_security_group.database.id
  description                  = "From ${each.key}"
  referenced_security_group_id = module.service[each.key].security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${local.prefix}-"
  family      = "postgres18"
  description = "TLS only, slow statements in the log, no forgotten transactions"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }

  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_lock_waits"
    value = "1"
  }

  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_161: The shop signs in with a password from its secret; a token of IAM lives 15 minutes, a pool longer.
  # checkov:skip=CKV_AWS_157: Multi-AZ in every size; var.multi_az is for a trial that may stand still.
  identifier                  = local.prefix
  engine                      = "postgres"
  engine_version              = "18"
  instance_class              = var.database_class
  allocated_storage           = var.database_storage.first
  max_allocated_storage       = var.database_storage.most
  storage_type                = "gp3"
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.this.arn
  db_name                     = local.database_name
  username                    = "shop"
  password                    = random_password.database.result
  port                        = 5432
  multi_az                    = var.multi_az
  publicly_accessible         = false
  ca_cert_identifier          = local.database_root
  db_subnet_group_name        = aws_db_subnet_group.this.name
  vpc_security_group_ids      = [aws_security_group.database.id]
  parameter_group_name        = aws_db_parameter_group.this.name
  backup_retention_period     = 14
  backup_window               = "03:00-04:00"
  maintenance_window          = "sun:04:30-sun:05:30"
  copy_tags_to_snapshot       = true
  delete_automated_backups    = false
  deletion_protection         = true
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${local.prefix}-final"
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  apply_immediately           = false

  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.database_monitoring.arn

  tags       = { Name = local.prefix }
  depends_on = [aws_cloudwatch_log_group.database]
}

resource "aws_cloudwatch_log_group" "database" {
  # checkov:skip=CKV_AWS_338: How long logs are kept is for the operator to say (log_days).
  for_each          = toset(["postgresql", "upgrade"])
  name              = "/aws/rds/instance/${local.prefix}/${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_db_instance" "replica" {
  # checkov:skip=CKV_AWS_161: It signs in as its source does, with a password.
  # checkov:skip=CKV_AWS_157: A replica that is lost is made again; reads go to the source meanwhile.
  # checkov:skip=CKV_AWS_133: It is a copy; the source is what is backed up.
  count                       = var.read_replica ? 1 : 0
  identifier                  = "${local.prefix}-replica"
  replicate_source_db         = aws_db_instance.this.identifier
  instance_class              = var.database_class
  storage_type                = "gp3"
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.this.arn
  publicly_accessible         = false
  ca_cert_identifier          = local.database_root
  vpc_security_group_ids      = [aws_security_group.database.id]
  parameter_group_name        = aws_db_parameter_group.this.name
  copy_tags_to_snapshot       = true
  deletion_protection         = true
  skip_final_snapshot         = true
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false

  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.database_monitoring.arn

  tags = { Name = "${local.prefix}-replica" }
}

# Backups and the log of changes, copied as they are made: a lost region costs minutes of orders, not the shop.
resource "aws_db_instance_automated_backups_replication" "second_region" {
  count                  = var.second_region_copy ? 1 : 0
  region                 = var.second_region
  source_db_instance_arn = aws_db_instance.this.arn
  kms_key_id             = aws_kms_key.second_region[0].arn
  retention_period       = 14
}
