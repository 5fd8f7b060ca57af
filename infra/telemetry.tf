# What the collector beside each task does: traces to X-Ray, figures to CloudWatch as lines of a log (EMF).

locals {
  # The figures that alarms and scaling read, without dimensions: each name is one paid metric.
  watched_metrics = ["queue_depth", "queue_age_seconds", "jobs_failed", "workers_alive", "outbox_lag_seconds"]
  kpi_metrics     = ["orders_placed", "orders_paid", "payments_failed", "carts_opened", "messages_failed"]

  # The collector hands CloudWatch no figure without a dimension: all of ours have this one, from domain/shared/telemetry.py.
  figures = { source = "shop" }

  collector_config = yamlencode({
    receivers = { otlp = { protocols = { grpc = { endpoint = "localhost:4317" }, http = { endpoint = "localhost:4318" } } } }
    processors = {
      memory_limiter = { check_interval = "1s", limit_mib = 64 }
      batch          = { timeout = "10s" }
    }
    exporters = {
      awsxray = { region = var.region }
      awsemf = {
        region                  = var.region
        namespace               = local.prefix
        log_group_name          = aws_cloudwatch_log_group.metrics.name
        log_stream_name         = "{ServiceName}"
        dimension_rollup_option = "NoDimensionRollup"
        # Counts begin with the first order, not after it.
        retain_initial_value_of_delta_metric = true
        metric_declarations = [{
          dimensions            = [keys(local.figures)]
          metric_name_selectors = [for name in concat(local.watched_metrics, local.kpi_metrics) : "^${name}$"]
        }]
      }
    }
    service = {
      pipelines = {
        traces  = { receivers = ["otlp"], processors = ["memory_limiter", "batch"], exporters = ["awsxray"] }
        metrics = { receivers = ["otlp"], processors = ["memory_limiter", "batch"], exporters = ["awsemf"] }
      }
    }
  })
}

resource "aws_cloudwatch_log_group" "metrics" {
  # checkov:skip=CKV_AWS_338: The figures themselves are kept 15 months; these are the lines they came in.
  name              = "/${local.prefix}/metrics"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.this.arn
}
