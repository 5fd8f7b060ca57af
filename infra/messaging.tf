# Events for the world outside, mirrored from the outbox: a bus with an archive, and three queues for other systems.

locals {
  # What an accountant wants to hear of: every event with a payment or a refund in it. A test compares.
  about_money = [
    "orders.order_paid", "orders.order_refunded", "orders.payment_authorised", "orders.payment_failed",
    "orders.payment_returned", "orders.refund_failed", "orders.refund_requested",
  ]

  queues = {
    orders        = [{ prefix = "orders." }]
    payments      = local.about_money
    notifications = [{ prefix = "notifications." }]
  }
}

resource "aws_cloudwatch_event_bus" "this" {
  name               = local.prefix
  description        = "Every event of the shop, at least once"
  kms_key_identifier = aws_kms_key.this.arn
  tags               = { Name = local.prefix }
}

resource "aws_cloudwatch_event_archive" "this" {
  name               = local.prefix
  description        = "To be played again to a consumer that comes late"
  event_source_arn   = aws_cloudwatch_event_bus.this.arn
  kms_key_identifier = aws_kms_key.this.arn
  retention_days     = var.log_days
}

resource "aws_cloudwatch_event_rule" "queue" {
  for_each       = local.queues
  name           = "${local.prefix}-${each.key}"
  description    = "Events for the queue ${each.key}"
  event_bus_name = aws_cloudwatch_event_bus.this.name

  event_pattern = jsonencode({
    source      = ["cornershop"]
    detail-type = each.value
  })
}

module "queue" {
  source   = "./modules/queue"
  for_each = local.queues

  name         = "${local.prefix}-${each.key}"
  key_arn      = aws_kms_key.this.arn
  rule_arns    = [aws_cloudwatch_event_rule.queue[each.key].arn]
  alarm_topics = [aws_sns_topic.alarms.arn]
  guide        = local.guide
}

resource "aws_cloudwatch_event_target" "queue" {
  for_each       = local.queues
  rule           = aws_cloudwatch_event_rule.queue[each.key].name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = module.queue[each.key].arn

  dead_letter_config {
    arn = module.queue[each.key].dead_arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}
