# The objective: 99.9 % of requests answered, over 30 days. Alarms tell how fast the 0.1 % that may fail is being used up.

locals {
  may_fail = 0.001

  # Windows with fewer than 20 requests do not count: one failure among three says nothing.
  failed_ratio = {
    ratio    = { expression = "IF(passed + unpassed >= 20, (failed + unpassed) / (passed + unpassed), 0)", label = "Failed requests" }
    passed   = { metric = "RequestCount" }
    failed   = { metric = "HTTPCode_Target_5XX_Count" }
    unpassed = { metric = "HTTPCode_ELB_5XX_Count" }
  }

  spoken_for = "do nothing yet, `objective` speaks when its other window fails too"

  # The short window ends the alarm soon after the trouble has ended.
  burn_alarms = {
    burn-1h  = { about = "Failing 14.4 times too often, over 1 hour", act = local.spoken_for, over = 14.4 * local.may_fail, period = 3600, times = 1, silent = true }
    burn-5m  = { about = "Failing 14.4 times too often, over 5 minutes", act = local.spoken_for, over = 14.4 * local.may_fail, period = 300, times = 1, silent = true }
    burn-6h  = { about = "Failing 6 times too often, over 6 hours", act = local.spoken_for, over = 6 * local.may_fail, period = 21600, times = 1, silent = true }
    burn-30m = { about = "Failing 6 times too often, over 30 minutes", act = local.spoken_for, over = 6 * local.may_fail, period = 1800, times = 1, silent = true }
    burn-24h = { about = "Failing 3 times too often, over a day", act = "look into it in working hours", over = 3 * local.may_fail, period = 86400, times = 1 }
  }

  burns = { for name in keys(local.burn_alarms) : name => "ALARM(\"${aws_cloudwatch_metric_alarm.this[name].alarm_name}\")" }
}

resource "aws_cloudwatch_composite_alarm" "burn" {
  alarm_name        = "${local.prefix}-objective"
  alarm_description = "So many requests fail that the month's 0.1 % will be gone in days: turn the last deployment back, then read the storefront's log. More: ${local.guide}"
  alarm_rule        = "(${local.burns.burn-1h} AND ${local.burns.burn-5m}) OR (${local.burns.burn-6h} AND ${local.burns.burn-30m})"
  alarm_actions     = [aws_sns_topic.alarms.arn]
  ok_actions        = [aws_sns_topic.alarms.arn]
}

# An eye from outside: the alarms above see nothing when no request arrives.
resource "aws_route53_health_check" "outside" {
  count             = var.outside_check ? 1 : 0
  type              = "HTTPS"
  fqdn              = local.hosts.storefront
  port              = 443
  resource_path     = "/healthz"
  request_interval  = 30
  failure_threshold = 3
  regions           = ["us-east-1", "us-west-2", "eu-west-1"]
  tags              = { Name = "${local.prefix}-outside" }
}
