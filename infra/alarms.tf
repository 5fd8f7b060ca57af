# What wakes somebody. Each alarm is one entry here, with what to do first; the guide says the rest, and a test compares.

locals {
  guide = "docs/deployment.md#alarms"

  lb      = { LoadBalancer = aws_lb.this.arn_suffix }
  db      = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  nothing = {}

  memory_of = { # bytes, for the alarm when a tenth is left
    "db.t4g.micro" = 1, "db.t4g.small" = 2, "db.t4g.medium" = 4, "db.t4g.large" = 8,
    "db.m7g.large" = 8, "db.m7g.xlarge" = 16, "db.r7g.large" = 16, "db.r7g.xlarge" = 32, "db.r7g.2xlarge" = 64, "db.r7g.4xlarge" = 128,
  }
  database_memory = lookup(local.memory_of, var.database_class, 8) * 1073741824

  # Every service has these three. ECS sends one sample of CPU a minute for each running task: samples count tasks.
  service_alarms = merge([for part in local.running : {
    "${part}-cpu" = {
      about      = "${part} is short of CPU"
      act        = "raise `most` or `cpu` of the service in the size file"
      namespace  = "AWS/ECS", metric = "CPUUtilization", stat = "Average",
      dimensions = { ClusterName = local.prefix, ServiceName = part }, over = 90, period = 300, times = 3
    }
    "${part}-memory" = {
      about      = "${part} is short of memory"
      act        = "raise `memory` or `most` of the service in the size file"
      namespace  = "AWS/ECS", metric = "MemoryUtilization", stat = "Average",
      dimensions = { ClusterName = local.prefix, ServiceName = part }, over = 90, period = 300, times = 3
    }
    "${part}-running" = {
      about      = "Fewer tasks of ${part} run than should"
      act        = "read the service's events in ECS, then its log"
      namespace  = "AWS/ECS", metric = "CPUUtilization", stat = "SampleCount",
      dimensions = { ClusterName = local.prefix, ServiceName = part }, under = local.parts[part].size.least, period = 60, times = 5,
      missing    = "breaching"
    }
  }]...)

  site_alarms = merge([for site in keys(local.sites) : {
    "${site}-unhealthy" = {
      about      = "A task of ${site} does not answer the load balancer"
      act        = "read the site's log; `/readyz` of a task says what it lacks"
      namespace  = "AWS/ApplicationELB", metric = "UnHealthyHostCount",
      stat       = "Maximum", over = 0, period = 60, times = 5,
      dimensions = merge(local.lb, { TargetGroup = aws_lb_target_group.site[site].arn_suffix })
    }
  }]...)

  other_alarms = {
    slow = {
      about     = "One page in twenty takes longer than a second"
      act       = "look at slow statements in the database's log, and at its CPU"
      namespace = "AWS/ApplicationELB", metric = "TargetResponseTime",
      stat      = "p95", dimensions = merge(local.lb, { TargetGroup = aws_lb_target_group.site["storefront"].arn_suffix }), over = 1, period = 300, times = 3
    }
    database-cpu = {
      about     = "The database is short of CPU"
      act       = "look at Performance Insights; take a larger `database_class`"
      namespace = "AWS/RDS", metric = "CPUUtilization", stat = "Average", dimensions = local.db, over = 80, period = 300, times = 3
    }
    database-storage = {
      about      = "Less than a tenth of what the database may grow to is left"
      act        = "raise `database_storage.most`, and find what has grown"
      namespace  = "AWS/RDS", metric = "FreeStorageSpace", stat = "Minimum",
      dimensions = local.db, under = min(var.database_storage.first, 20) * 107374182.4, period = 300, times = 1
    }
    database-connections = {
      about      = "The database runs out of connections"
      act        = "run fewer tasks at once, or take a larger `database_class`"
      namespace  = "AWS/RDS", metric = "DatabaseConnections", stat = "Maximum",
      dimensions = local.db, over = floor(min(5000, local.database_memory / 9531392) * 0.8), period = 300, times = 2
    }
    database-credits = {
      about      = "The database has used up its CPU credits"
      act        = "take a larger `database_class` unless it was a passing peak"
      namespace  = "AWS/RDS", metric = "CPUCreditBalance", stat = "Minimum",
      dimensions = local.db, under = 30, period = 300, times = 2, only = startswith(var.database_class, "db.t")
    }
    database-memory = {
      about      = "The database is short of memory"
      act        = "take a larger `database_class`"
      namespace  = "AWS/RDS", metric = "FreeableMemory", stat = "Average",
      dimensions = local.db, under = local.database_memory / 10, period = 300, times = 3
    }
    replica-lag = {
      about      = "The replica is a minute behind"
      act        = "look for long transactions; `read_replica = false` sends reads back"
      namespace  = "AWS/RDS", metric = "ReplicaLag", stat = "Maximum",
      dimensions = { DBInstanceIdentifier = "${local.prefix}-replica" }, over = 60, period = 60, times = 5, only = var.read_replica
    }
    outbox-lag = {
      about      = "Events wait in the outbox"
      act        = "see whether the relay runs and Valkey answers"
      namespace  = local.prefix, metric = "outbox_lag_seconds", stat = "Maximum",
      dimensions = local.figures, over = 60, period = 60, times = 5
    }
    queue-depth = {
      about     = "Jobs pile up"
      act       = "see whether the worker runs; raise its `most`"
      namespace = local.prefix, metric = "queue_depth", stat = "Maximum", dimensions = local.figures, over = 5000, period = 300, times = 2
    }
    queue-age = {
      about      = "The oldest job waits for five minutes"
      act        = "see whether the worker runs, and whether a gateway or mail server hangs"
      namespace  = local.prefix, metric = "queue_age_seconds", stat = "Maximum",
      dimensions = local.figures, over = 300, period = 60, times = 5
    }
    jobs-failed = {
      about      = "Jobs failed for good"
      act        = "open Jobs in the admin, mend the cause and try them again there"
      namespace  = local.prefix, metric = "jobs_failed", stat = "Maximum",
      dimensions = local.figures, over = 0, period = 300, times = 1
    }
    workers-alive = {
      about      = "No worker has given a sign of life"
      act        = "read the worker's log and its events in ECS"
      namespace  = local.prefix, metric = "workers_alive", stat = "Maximum",
      dimensions = local.figures, under = 1, period = 60, times = 5, missing = "breaching"
    }
    mail-bounces = {
      about      = "More than 5 % of mail comes back: SES may stop us"
      act        = "stop campaigns, and look for addresses that are wrong"
      namespace  = "AWS/SES", metric = "Reputation.BounceRate", stat = "Maximum",
      dimensions = local.nothing, over = 0.05, period = 3600, times = 1
    }
    mail-complaints = {
      about      = "More than 0.1 % of mail is called spam: SES may stop us"
      act        = "stop campaigns, and look at who gets what"
      namespace  = "AWS/SES", metric = "Reputation.ComplaintRate", stat = "Maximum",
      dimensions = local.nothing, over = 0.001, period = 3600, times = 1
    }
    sms-spend = {
      about      = "80 % of the month's money for text messages is spent"
      act        = "see whether somebody asks for codes in bulk; else raise `sms_budget`"
      namespace  = "AWS/SNS", metric = "SMSMonthToDateSpentUSD", stat = "Maximum",
      dimensions = local.nothing, over = var.sms_budget * 0.8, period = 3600, times = 1
    }
    certificate-inside = {
      about     = "The load balancer's certificate ends within 30 days, as its proof in the DNS is gone"
      act       = "run terraform apply, which puts the record back"
      namespace = "AWS/CertificateManager",
      metric    = "DaysToExpiry", stat = "Minimum", dimensions = { CertificateArn = join("", aws_acm_certificate.alb[*].arn) },
      under     = 30, period = 86400, times = 1, only = local.tls
    }
  }

  # For each node of the cache.
  cache_alarms = merge([for node in range(1, var.cache_nodes + 1) : {
    "cache-${node}-memory" = {
      about     = "The cache is nearly full: jobs could not be queued"
      act       = "see which jobs pile up; take a larger `cache_class`"
      namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage",
      stat      = "Maximum", dimensions = { CacheClusterId = format("%s-%03d", local.prefix, node) }, over = 80, period = 300, times = 2
    }
    "cache-${node}-evictions" = {
      about      = "The cache drops what it should keep"
      act        = "take a larger `cache_class`"
      namespace  = "AWS/ElastiCache", metric = "Evictions", stat = "Sum",
      dimensions = { CacheClusterId = format("%s-%03d", local.prefix, node) }, over = 0, period = 300, times = 1
    }
  }]...)

  # Of the whole world's edge: their figures are in us-east-1.
  edge_alarms = { for name, alarm in {
    firewall-blocks = {
      about      = "The firewall blocks much: an attack, or a rule that is wrong"
      act        = "look at the firewall's sampled requests"
      namespace  = "AWS/WAFV2", metric = "BlockedRequests", stat = "Sum",
      dimensions = { WebACL = local.prefix, Rule = "ALL" }, over = 1000, period = 300, times = 2
    }
    outside = {
      about      = "The shop cannot be reached from outside"
      act        = "look at DNS, the certificate and CloudFront"
      namespace  = "AWS/Route53", metric = "HealthCheckStatus", stat = "Minimum",
      dimensions = { HealthCheckId = join("", aws_route53_health_check.outside[*].id) }, under = 1, period = 60, times = 3,
      missing    = "breaching", only = var.outside_check
    }
    certificate-edge = {
      about     = "CloudFront's certificate ends within 30 days, as its proof in the DNS is gone"
      act       = "run terraform apply, which puts the record back"
      namespace = "AWS/CertificateManager",
      metric    = "DaysToExpiry", stat = "Minimum", dimensions = { CertificateArn = join("", aws_acm_certificate.edge[*].arn) },
      under     = 30, period = 86400, times = 1, only = local.tls
    }
  } : name => alarm if try(alarm.only, true) }

  # Ratios of requests that failed: what the shop could not answer, and what the load balancer could not pass on.
  ratio_alarms = { errors = { about = "More than 5 % of requests fail", act = "turn the last deployment back, then read the storefront's log", over = 0.05, period = 300, times = 1 } }

  plain_alarms = { for name, alarm in merge(local.service_alarms, local.site_alarms, local.other_alarms, local.cache_alarms) : name => alarm if try(alarm.only, true) }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = merge(local.plain_alarms, local.ratio_alarms, local.burn_alarms)
  alarm_name          = "${local.prefix}-${each.key}"
  alarm_description   = "${each.value.about}: ${each.value.act}. More: ${local.guide}"
  comparison_operator = can(each.value.under) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = try(each.value.under, each.value.over)
  evaluation_periods  = each.value.times
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = try(each.value.silent, false) ? [] : [aws_sns_topic.alarms.arn]
  ok_actions          = try(each.value.silent, false) ? [] : [aws_sns_topic.alarms.arn]

  namespace          = try(each.value.namespace, null)
  metric_name        = try(each.value.metric, null)
  dimensions         = try(each.value.dimensions, null)
  period             = can(each.value.metric) ? each.value.period : null
  statistic          = try(startswith(each.value.stat, "p") ? null : each.value.stat, null)
  extended_statistic = try(startswith(each.value.stat, "p") ? each.value.stat : null, null)

  dynamic "metric_query" {
    for_each = can(each.value.metric) ? {} : local.failed_ratio

    content {
      id          = metric_query.key
      expression  = try(metric_query.value.expression, null)
      label       = try(metric_query.value.label, null)
      return_data = can(metric_query.value.expression)

      dynamic "metric" {
        for_each = can(metric_query.value.metric) ? [1] : []

        content {
          namespace   = "AWS/ApplicationELB"
          metric_name = metric_query.value.metric
          dimensions  = local.lb
          period      = each.value.period
          stat        = "Sum"
        }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "edge" {
  for_each            = local.edge_alarms
  region              = "us-east-1"
  alarm_name          = "${local.prefix}-${each.key}"
  alarm_description   = "${each.value.about}: ${each.value.act}. More: ${local.guide}"
  comparison_operator = can(each.value.under) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = try(each.value.under, each.value.over)
  evaluation_periods  = each.value.times
  treat_missing_data  = try(each.value.missing, "notBreaching")
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  period              = each.value.period
  statistic           = each.value.stat
  alarm_actions       = [var.region == "us-east-1" ? aws_sns_topic.alarms.arn : aws_sns_topic.edge_alarms[0].arn]
  ok_actions          = [var.region == "us-east-1" ? aws_sns_topic.alarms.arn : aws_sns_topic.edge_alarms[0].arn]
}
