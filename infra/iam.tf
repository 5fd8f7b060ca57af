# What each part of the shop may do on AWS: its own work, by exact name.

locals {
  may_report = [for statement in [
    {
      Sid      = "Traces"
      Effect   = "Allow"
      Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      Resource = "*" # the only one they take
    },
    {
      Sid      = "Figures"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = [aws_cloudwatch_log_group.metrics.arn, "${aws_cloudwatch_log_group.metrics.arn}:log-stream:*"]
    },
  ] : statement if var.collector_image != ""]

  # What a picture's name stands for never changes: none is ever deleted.
  may_keep_pictures = [
    {
      Sid      = "Pictures"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["${aws_s3_bucket.media.arn}/media/*"]
    },
    {
      Sid      = "KnowWhichAreMissing" # whoever may not list is told that all is forbidden, instead of what is not there
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [aws_s3_bucket.media.arn]
    },
    {
      Sid       = "EncryptThem"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = [aws_kms_key.this.arn]
      Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
    },
  ]

  may_tell_the_world = [
    {
      Sid      = "Events"
      Effect   = "Allow"
      Action   = ["events:PutEvents"]
      Resource = [aws_cloudwatch_event_bus.this.arn]
    },
  ]

  may_write_to_shoppers = [
    {
      Sid       = "Mail"
      Effect    = "Allow"
      Action    = ["ses:SendEmail", "ses:SendRawEmail"]
      Resource  = concat([aws_sesv2_configuration_set.this.arn], aws_sesv2_email_identity.domain[*].arn, aws_sesv2_email_identity.address[*].arn)
      Condition = { StringEquals = { "ses:FromAddress" = local.mail_address } }
    },
    {
      Sid         = "TextMessages"
      Effect      = "Allow"
      Action      = ["sns:Publish"]
      NotResource = ["arn:${local.partition}:sns:*:*:*"] # to telephone numbers, to no topic
    },
  ]

  may_read_bounces = [
    {
      Sid      = "Bounces"
      Effect   = "Allow"
      Action   = ["sqs:DeleteMessage", "sqs:ReceiveMessage"]
      Resource = [module.feedback.arn]
    },
    {
      Sid       = "ReadThem"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [aws_kms_key.this.arn]
      Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
    },
  ]

  # The scheduler mirrors events and reads what became of mail.
  by_the_clock = concat(local.may_tell_the_world, local.may_read_bounces)

  may = {
    storefront = local.may_report
    admin      = concat(local.may_report, local.may_keep_pictures)
    worker     = concat(local.may_report, local.may_keep_pictures, local.may_write_to_shoppers, [for statement in local.by_the_clock : statement if var.background_together])
    relay      = local.may_report
    scheduler  = concat(local.may_report, local.by_the_clock)
    sandbox    = local.may_report
    migrate    = []
  }
}

resource "aws_iam_role" "database_monitoring" {
  name = "${local.prefix}-database-monitoring"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = ["sts:AssumeRole"]
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "database_monitoring" {
  role       = aws_iam_role.database_monitoring.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
