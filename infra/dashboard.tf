# One page with what one looks at first: shoppers, machines, work that waits, business.

locals {
  panels = {
    "Requests and failures" = [
      for metric in ["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"] :
      ["AWS/ApplicationELB", metric, "LoadBalancer", aws_lb.this.arn_suffix, { stat = "Sum" }]
    ]
    "Time to answer" = [
      for stat in ["p50", "p95", "p99"] :
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", aws_lb.this.arn_suffix, { stat = stat, label = stat }]
    ]
    "CPU of the services"    = [for part in local.running : ["AWS/ECS", "CPUUtilization", "ClusterName", local.prefix, "ServiceName", part, { stat = "Average" }]]
    "Memory of the services" = [for part in local.running : ["AWS/ECS", "MemoryUtilization", "ClusterName", local.prefix, "ServiceName", part, { stat = "Average" }]]
    "Running tasks"          = [for part in local.running : ["AWS/ECS", "CPUUtilization", "ClusterName", local.prefix, "ServiceName", part, { stat = "SampleCount", period = 60 }]]
    "Database" = [
      for metric in ["CPUUtilization", "DatabaseConnections", "CPUCreditBalance"] :
      ["AWS/RDS", metric, "DBInstanceIdentifier", local.prefix, { stat = "Maximum" }]
    ]
    "Work that waits"   = [for metric in local.watched_metrics : [local.prefix, metric, "source", local.figures.source, { stat = "Maximum" }]]
    "Business"          = [for metric in local.kpi_metrics : [local.prefix, metric, "source", local.figures.source, { stat = "Sum" }]]
    "Cache"             = [for node in range(1, var.cache_nodes + 1) : ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", format("%s-%03d", local.prefix, node), { stat = "Maximum" }]]
    "Queues for others" = [for name in keys(local.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${local.prefix}-${name}", { stat = "Maximum" }]]
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.prefix

  dashboard_body = jsonencode({
    widgets = [for at, title in keys(local.panels) : {
      type       = "metric"
      x          = (at % 2) * 12
      y          = floor(at / 2) * 6
      width      = 12
      height     = 6
      properties = { title = title, region = var.region, view = "timeSeries", metrics = local.panels[title] }
    }]
  })
}
