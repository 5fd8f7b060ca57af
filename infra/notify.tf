# Mail by SES, text messages by SNS, and the way back for bounces and complaints.

locals {
  mail_address = var.mail_from != "" ? var.mail_from : local.tls ? "hello@${var.domain}" : var.alarm_email
  mail_from    = "${lookup(var.settings, "SHOP_NAME", "Cornershop")} <${local.mail_address}>"
}

resource "aws_sesv2_configuration_set" "this" {
  configuration_set_name = local.prefix

  delivery_options {
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }

  tags = { Name = local.prefix }
}

resource "aws_sesv2_email_identity" "domain" {
  count                  = local.tls ? 1 : 0
  email_identity         = var.domain
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }
}

resource "aws_sesv2_email_identity_mail_from_attributes" "domain" {
  count                  = local.tls ? 1 : 0
  email_identity         = aws_sesv2_email_identity.domain[0].email_identity
  mail_from_domain       = "bounce.${var.domain}"
  behavior_on_mx_failure = "USE_DEFAULT_VALUE"
}

# Without a domain one address may send, once its owner has clicked the link that SES mails to it.
resource "aws_sesv2_email_identity" "address" {
  count                  = local.tls ? 0 : 1
  email_identity         = local.mail_address
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name
}

# SES reports to the account's own bus; a rule takes the reports of this shop to a queue, which the worker reads.
data "aws_cloudwatch_event_bus" "default" {
  name = "default"
}

resource "aws_sesv2_configuration_set_event_destination" "feedback" {
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name
  event_destination_name = "feedback"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "DELIVERY", "REJECT"]

    event_bridge_destination {
      event_bus_arn = data.aws_cloudwatch_event_bus.default.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "feedback" {
  name        = "${local.prefix}-mail-feedback"
  description = "What became of the shop's mail"

  event_pattern = jsonencode({
    source = ["aws.ses"]
    detail = { mail = { tags = { "ses:configuration-set" = [local.prefix] } } }
  })
}

module "feedback" {
  source = "./modules/queue"

  name         = "${local.prefix}-mail-feedback"
  key_arn      = aws_kms_key.this.arn
  rule_arns    = [aws_cloudwatch_event_rule.feedback.arn]
  alarm_topics = [aws_sns_topic.alarms.arn]
  guide        = local.guide
  keep_days    = 14 # what came back while the shop stood still is still to be read
}

resource "aws_cloudwatch_event_target" "feedback" {
  rule = aws_cloudwatch_event_rule.feedback.name
  arn  = module.feedback.arn

  dead_letter_config {
    arn = module.feedback.dead_arn
  }
}

resource "aws_sns_sms_preferences" "this" {
  default_sms_type    = "Transactional"
  monthly_spend_limit = var.sms_budget
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.prefix}-alarms"
  kms_master_key_id = aws_kms_key.this.arn
}

# Figures of CloudFront, the firewall and Route 53 are in us-east-1, and an alarm speaks only to a topic beside it.
resource "aws_sns_topic" "edge_alarms" {
  # checkov:skip=CKV_AWS_26: It carries names of alarms and no data; CloudWatch cannot use the key of AWS, and ours is in the shop's region.
  count  = var.region == "us-east-1" ? 0 : 1
  region = "us-east-1"
  name   = "${local.prefix}-edge-alarms"
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsAndBudget"
      Effect    = "Allow"
      Principal = { Service = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] }
      Action    = ["sns:Publish"]
      Resource  = aws_sns_topic.alarms.arn
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_sns_topic_subscription" "edge_alarms" {
  count     = length(aws_sns_topic.edge_alarms)
  region    = "us-east-1"
  topic_arn = aws_sns_topic.edge_alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}
