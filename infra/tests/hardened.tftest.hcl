# The size where nothing is alone.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "us-east-1" }
  }
}

mock_provider "random" {}

variables {
  image       = "123456789012.dkr.ecr.us-east-1.amazonaws.com/cornershop@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  alarm_email = "owner@example.com"
  settings    = { SHOP_GATEWAYS = "stripe" }

  # As env/hardened.tfvars says: a test compares.
  egress       = "nat_gateway"
  nat_per_zone = true
  spot         = false

  background_together = false
  services = {
    storefront = { cpu = 512, memory = 1024, least = 2, most = 40, on_demand = 2 }
    admin      = { cpu = 256, memory = 512, least = 2, most = 4, on_demand = 2 }
    worker     = { cpu = 256, memory = 1024, least = 2, most = 20, on_demand = 2 }
    relay      = { cpu = 256, memory = 512, least = 2, most = 2, on_demand = 2 }
    scheduler  = { cpu = 256, memory = 512, least = 2, most = 2, on_demand = 2 }
  }

  database_class     = "db.t4g.small"
  database_storage   = { first = 50, most = 1000 }
  multi_az           = true
  read_replica       = false
  second_region_copy = true

  cache_class = "cache.t4g.micro"
  cache_nodes = 2

  outside_check   = true
  log_days        = 365
  trace_percent   = 5
  requests_per_ip = 2000
  sms_budget      = 50
  monthly_budget  = 600
}

run "hardened" {
  # What holds in every size: a test compares this part with that of the other sizes.
  assert {
    condition     = aws_lb.this.internal && aws_vpc_security_group_ingress_rule.alb.prefix_list_id == data.aws_ec2_managed_prefix_list.cloudfront.id && aws_vpc_security_group_ingress_rule.alb.cidr_ipv4 == null
    error_message = "Only CloudFront may reach the load balancer."
  }

  assert {
    condition     = alltrue([for part, service in module.service : join(",", service.ingress_groups) == (contains(keys(local.sites), part) ? aws_security_group.alb.id : "")])
    error_message = "Only the load balancer may reach a site, and nobody a worker."
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.database), values(aws_vpc_security_group_ingress_rule.cache)) : rule.cidr_ipv4 == null && rule.referenced_security_group_id != null])
    error_message = "Only tasks may reach the database and the cache."
  }

  assert {
    condition     = !aws_db_instance.this.publicly_accessible && alltrue([for subnet in values(aws_subnet.public) : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address by itself."
  }

  assert {
    condition     = alltrue([for block in [aws_s3_bucket_public_access_block.media, aws_s3_bucket_public_access_block.logs] : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "No bucket may become public."
  }

  assert {
    condition     = alltrue([for site in values(aws_cloudfront_distribution.this) : site.web_acl_id == aws_wafv2_web_acl.this.arn && site.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"])
    error_message = "Every site stands behind the firewall and speaks TLS."
  }

  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 3 && anytrue([for rule in aws_wafv2_web_acl.this.rule : try(rule.statement[0].rate_based_statement[0].limit, 0) == var.requests_per_ip])
    error_message = "The firewall has its lists and its limit."
  }

  assert {
    condition     = alltrue([for service in module.service : !can(regex("\"Action\":(\"[^\"]*|\\[[^\\]]*)[*]", "${service.task_policy}${service.execution_policy}"))])
    error_message = "No role may do whatever it likes."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for policy in compact([service.task_policy, service.execution_policy]) : [for statement in jsondecode(policy).Statement : contains(["SignInToTheRegistry", "Traces"], statement.Sid) if try(statement.Resource, "") == "*"]]]))
    error_message = "A role acts on named things, but for calls that take none."
  }

  assert {
    condition     = alltrue(flatten([for part in local.running : [for what in ["cpu", "memory", "running"] : contains(keys(aws_cloudwatch_metric_alarm.this), "${part}-${what}")]]))
    error_message = "Every service has its alarms."
  }

  assert {
    condition     = alltrue([for site in keys(local.sites) : contains(keys(aws_cloudwatch_metric_alarm.this), "${site}-unhealthy")]) && length(setsubtract(["errors", "slow", "outbox-lag", "queue-age", "jobs-failed", "workers-alive", "database-storage", "mail-bounces", "sms-spend"], keys(aws_cloudwatch_metric_alarm.this))) == 0
    error_message = "What shoppers feel is watched."
  }

  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_actions) == 1 || startswith(name, "burn-")]) && length(aws_cloudwatch_composite_alarm.burn.alarm_actions) == 1
    error_message = "Every alarm tells somebody; the windows of the objective speak together."
  }

  assert {
    condition     = alltrue([for part in ["storefront", "worker"] : module.service[part].scaling == { least = var.services[part].least, most = var.services[part].most }])
    error_message = "Storefront and workers grow, up to their limit."
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation && anytrue([for p in aws_db_parameter_group.this.parameter : p.name == "rds.force_ssl" && p.value == "1"])
    error_message = "The database is encrypted at rest and on the wire."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required" && aws_elasticache_replication_group.this.auth_token != null
    error_message = "The cache is encrypted and asks for a password."
  }

  assert {
    condition     = alltrue([for key in concat([for parameter in values(aws_ssm_parameter.secret) : parameter.key_id], [aws_sns_topic.alarms.kms_master_key_id, aws_cloudwatch_event_bus.this.kms_key_identifier, aws_cloudwatch_log_group.cache.kms_key_id]) : key == aws_kms_key.this.arn]) && alltrue([for parameter in values(aws_ssm_parameter.secret) : parameter.type == "SecureString"])
    error_message = "Secrets, messages and logs are encrypted with our key."
  }

  assert {
    condition     = alltrue([for group in concat(values(aws_cloudwatch_log_group.database), [aws_cloudwatch_log_group.cache, aws_cloudwatch_log_group.firewall]) : group.retention_in_days == var.log_days]) && aws_cloudwatch_event_archive.this.retention_days == var.log_days
    error_message = "Logs are kept as long as said, and no longer."
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && aws_lb.this.enable_deletion_protection && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "What must not be lost cannot be deleted by mistake."
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period == 14 && aws_db_instance.this.multi_az && length(aws_db_instance_automated_backups_replication.second_region) == 1
    error_message = "The database has a standby, 14 days of backups and a copy far away."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for c in jsondecode(service.container_definitions) : c.readonlyRootFilesystem && (c.name == "collector" || (try(c.user, "") == "10001:10001" && try(c.stopTimeout, 0) == 110 && strcontains(c.image, "@sha256:")))]]))
    error_message = "Containers run by digest, as an ordinary user, on a read-only disk."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for c in jsondecode(service.container_definitions) : [for e in c.environment : !contains(["SHOP_DATABASE_URL", "SHOP_REDIS_URL", "SHOP_SECRET_KEY"], e.name) || e.value == lookup(local.instead, e.name, "")]]]))
    error_message = "No secret stands in a task definition."
  }

  assert {
    condition     = length(setsubtract(["Environment", "ManagedBy", "Owner", "Project"], keys(local.tags))) == 0
    error_message = "Everything says whose it is."
  }

  assert {
    condition     = local.connections_at_most <= local.connections_admitted && alltrue([for part in ["storefront", "admin"] : anytrue([for e in jsondecode(module.service[part].container_definitions)[0].environment : e.name == "SHOP_DATABASE_POOL_SIZE" && e.value == tostring(local.pool_size)])])
    error_message = "The database admits all connections that all tasks may open."
  }

  assert {
    condition     = alltrue([for part in ["storefront", "admin"] : anytrue([for e in jsondecode(module.service[part].container_definitions)[0].environment : e.name == "SHOP_DRAIN_SECONDS" && e.value == "15"])]) && alltrue([for group in values(aws_lb_target_group.site) : group.deregistration_delay == "30"])
    error_message = "A task that goes is let go of first."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for c in jsondecode(service.container_definitions) : strcontains(service.task_policy, "events:PutEvents") && strcontains(service.task_policy, "sqs:ReceiveMessage") if c.name == "scheduler"]]))
    error_message = "The scheduler may send events to the bus and read what became of mail."
  }

  assert {
    condition     = alltrue([for part, service in module.service : join(",", sort(flatten([for s in jsondecode(coalesce(service.task_policy, "{\"Statement\":[]}")).Statement : s.Action if startswith(s.Action[0], "s3:")]))) == (contains(["admin", "worker"], part) ? "s3:GetObject,s3:ListBucket,s3:PutObject" : "")])
    error_message = "Pictures are read and written by who keeps them, and deleted by nobody."
  }

  assert {
    condition     = alltrue([for part in local.running : alltrue([for setting in ["SHOP_AWS_REGION", "SHOP_MEDIA_BUCKET", "SHOP_MEDIA_URL", "SHOP_EVENT_BUS"] : anytrue([for e in jsondecode(module.service[part].container_definitions)[0].environment : e.name == setting])])]) && strcontains(local.collector_config, "source") && alltrue([for name in ["outbox-lag", "queue-depth", "queue-age", "jobs-failed", "workers-alive"] : aws_cloudwatch_metric_alarm.this[name].dimensions == tomap(local.figures)])
    error_message = "Every part knows its region, bucket and bus, and alarms read figures as the collector writes them."
  }

  assert {
    condition     = alltrue([for service in module.service : service.log == { days = var.log_days, key = aws_kms_key.this.arn }])
    error_message = "Each part has a log of its own, kept as long as said and encrypted with our key."
  }

  assert {
    condition     = alltrue([for part in local.running : module.service[part].scaling == (local.parts[part].size.most > local.parts[part].size.least ? { least = local.parts[part].size.least, most = local.parts[part].size.most } : null)])
    error_message = "A part grows between its limits, and one without room does not."
  }

  assert {
    condition     = module.service["storefront"].scaling_targets == { ECSServiceAverageCPUUtilization = 60, ECSServiceAverageMemoryUtilization = 75, ALBRequestCountPerTarget = 1000 } && module.service["worker"].scaling_targets == { age = 30, depth = 200 }
    error_message = "Sites follow CPU, memory and requests, workers the depth and the age of the queues."
  }

  assert {
    condition     = alltrue([for part in local.running : module.service[part].deployment.least == 100 && module.service[part].deployment.most == 200 && module.service[part].deployment.breaks && module.service[part].deployment.rollback]) && join(" ", module.service["storefront"].deployment.alarms) == "${local.prefix}-errors ${local.prefix}-slow"
    error_message = "A deployment that fails goes back by itself, the storefront's also when shoppers feel it."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for c in jsondecode(service.container_definitions) : c.name == "collector" || join(" ", c.healthCheck.command) == "CMD python -m cli.healthcheck"]]))
    error_message = "Every container is asked whether it works."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid == "OwnAccount" || can(statement.Condition)]) && join(" ", sort(flatten([for s in jsondecode(aws_kms_key.this.policy).Statement : s.Action if try(s.Principal.Service[0], "") == "fargate.amazonaws.com" && s.Condition.StringEquals["kms:EncryptionContext:aws:ecs:clusterName"] == aws_ecs_cluster.this.name]))) == "kms:CreateGrant kms:GenerateDataKeyWithoutPlaintext"
    error_message = "Nobody else uses the key but under a condition, and Fargate may encrypt the disks of this cluster."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.media.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.this.arn && one(aws_s3_bucket_server_side_encryption_configuration.logs.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && alltrue([for v in [aws_s3_bucket_versioning.media, aws_s3_bucket_versioning.logs] : v.versioning_configuration[0].status == "Enabled"])
    error_message = "Buckets are encrypted and keep what was overwritten."
  }

  assert {
    condition     = alltrue(flatten([for queue in concat(values(module.queue), [module.feedback]) : [queue.queues.queue.key == aws_kms_key.this.arn, queue.queues.dead.key == aws_kms_key.this.arn, jsondecode(queue.queues.queue.redrive).maxReceiveCount == 5, length(queue.alarm_actions) == 1]])) && aws_elasticache_replication_group.this.kms_key_id == aws_kms_key.this.arn
    error_message = "Queues and the cache are encrypted with our key; what no consumer could deal with is kept, and somebody is told."
  }

  assert {
    condition     = local.database_tail == "sslmode=verify-full&sslrootcert=/app/domain/shared/rds.pem" && aws_db_instance.this.ca_cert_identifier == "rds-ca-rsa2048-g1"
    error_message = "Tasks check that it is the database that answers."
  }

  assert {
    condition     = alltrue(flatten([for service in module.service : [for c in jsondecode(service.container_definitions) : join(" ", sort([for s in c.secrets : trimprefix(s.name, "SHOP_")])) == lookup({ migrate = "DATABASE_URL", relay = "DATABASE_URL REDIS_URL", scheduler = "DATABASE_URL REDIS_URL", worker = "DATABASE_URL REDIS_URL SECRET_KEY" }, c.name, "DATABASE_REPLICA_URL DATABASE_URL REDIS_URL SECRET_KEY") if c.name != "collector"]]))
    error_message = "Each container gets the secrets that it reads, and no other."
  }

  assert {
    condition = alltrue([for service in module.service : alltrue([for found in [
      [for s in jsondecode(service.execution_policy).Statement : s.Resource if contains(["ssm:GetParameters"], s.Action[0])],
      [for s in jsondecode(service.execution_policy).Statement : s.Condition.StringEquals["kms:EncryptionContext:PARAMETER_ARN"] if s.Action[0] == "kms:Decrypt"],
      ] : toset(flatten(found)) == toset(flatten([for c in jsondecode(service.container_definitions) : [for s in c.secrets : s.valueFrom] if c.name != "collector"]))
    ])]) && length(distinct([for parameter in values(aws_ssm_parameter.secret) : parameter.arn])) == 4
    error_message = "The role that starts a part may read and open the secrets of its containers, and no other."
  }

  assert {
    condition     = [for part in ["migrate", "storefront"] : [for setting in ["SHOP_DATABASE_URL", "SHOP_REDIS_URL", "SHOP_SECRET_KEY"] : strcontains(module.service[part].execution_policy, aws_ssm_parameter.secret[setting].arn)]] == [[true, false, false], [true, true, true]]
    error_message = "What migrates cannot read the key that signs."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.edge)) : can(regex("^[^:]{10,}: .{10,}[.] More: docs/[a-z]+[.]md#alarms$", alarm.alarm_description))])
    error_message = "Every alarm says what is wrong, what to do first, and where the rest is written."
  }

  assert {
    condition     = length(setsubtract(["Requests and failures", "Time to answer", "CPU of the services", "Running tasks", "Database", "Cache", "Work that waits", "Queues for others", "Business"], [for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.title])) == 0 && alltrue([for name in ["queue_age_seconds", "outbox_lag_seconds", "orders_paid"] : strcontains(aws_cloudwatch_dashboard.this.dashboard_body, name)])
    error_message = "One page shows shoppers, machines, work that waits and business."
  }

  # What makes this size what it is.
  assert {
    condition     = length(aws_nat_gateway.this) == 2 && !local.task_public_ip && !var.spot && alltrue([for size in values(var.services) : size.least >= 2 && size.on_demand == size.least])
    error_message = "Two of everything, on demand, with a gateway in each zone."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "A node of the cache takes over for the other."
  }

  assert {
    condition     = output.paid_alarms == 75 && output.paid_metrics == 10
    error_message = "infra/cost.py counts these: change PAID there."
  }
}
