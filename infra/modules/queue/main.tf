# A queue that EventBridge fills for a consumer, and the one where lies what it could not deal with.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "name" {
  description = "The queue's name; the dead letters' is NAME-dead."
  type        = string
}

variable "key_arn" {
  description = "The key that messages are encrypted with."
  type        = string
}

variable "rule_arns" {
  description = "The rules of EventBridge that may send to it."
  type        = list(string)
}

variable "keep_days" {
  description = "How long a message waits for its consumer."
  type        = number
  default     = 4
}

variable "alarm_topics" {
  description = "Who is told of a dead letter."
  type        = list(string)
}

variable "guide" {
  description = "Where it is written what to do about a dead letter."
  type        = string
}

resource "aws_sqs_queue" "this" {
  name                              = var.name
  kms_master_key_id                 = var.key_arn
  kms_data_key_reuse_period_seconds = 86400
  message_retention_seconds         = var.keep_days * 86400
  visibility_timeout_seconds        = 60
  receive_wait_time_seconds         = 20

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })

  tags = { Name = var.name }
}

resource "aws_sqs_queue" "dead" {
  name                              = "${var.name}-dead"
  kms_master_key_id                 = var.key_arn
  kms_data_key_reuse_period_seconds = 86400
  message_retention_seconds         = 1209600

  tags = { Name = "${var.name}-dead" }
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

# EventBridge sends to the queue, and to the dead letters what it could not deliver.
resource "aws_sqs_queue_policy" "this" {
  for_each  = { queue = aws_sqs_queue.this, dead = aws_sqs_queue.dead }
  queue_url = each.value.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "FromTheBus"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = each.value.arn
      Condition = { ArnEquals = { "aws:SourceArn" = var.rule_arns } }
    }]
  })
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "A consumer could not deal with a message of ${var.name}: mend it, then move the messages back (redrive). More: ${var.guide}"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

output "arn" {
  description = "The queue."
  value       = aws_sqs_queue.this.arn
}

output "url" {
  description = "Where a consumer asks for messages."
  value       = aws_sqs_queue.this.url
}

output "queues" {
  description = "Both queues, for tests."
  value       = { for name, queue in { queue = aws_sqs_queue.this, dead = aws_sqs_queue.dead } : name => { key = queue.kms_master_key_id, redrive = queue.redrive_policy } }
}

output "alarm_actions" {
  description = "Who is told of a dead letter."
  value       = aws_cloudwatch_metric_alarm.dead.alarm_actions
}

output "dead_arn" {
  description = "The dead letters."
  value       = aws_sqs_queue.dead.arn
}
