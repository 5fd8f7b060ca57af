# One customer key for everything at rest, and one in the second region for the copy of the backups.

locals {
  # Spelled out, because a policy with kms:* could not be told from a mistake.
  key_administration = [
    "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey",
    "kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases",
    "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy",
    "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource",
    "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
  ]

  key_owner = {
    Sid       = "OwnAccount"
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
    Action    = local.key_administration
    Resource  = "*" # in a key's own policy: this key
  }

  # Fargate says for which cluster it asks; without these two statements no task would start.
  disks_of_tasks = {
    "kms:EncryptionContext:aws:ecs:clusterAccount" = local.account
    "kms:EncryptionContext:aws:ecs:clusterName"    = local.prefix
  }
}

resource "aws_kms_key" "this" {
  description             = "${local.prefix}: everything at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.key_owner,
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = ["logs.${var.region}.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        Resource  = "*"
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:*" } }
      },
      {
        Sid       = "Senders"
        Effect    = "Allow"
        Principal = { Service = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com", "ses.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "Archive" # it encrypts anew what comes from the bus
        Effect    = "Allow"
        Principal = { Service = ["events.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:EncryptionContext:aws:events:event-bus:arn" = "arn:${local.partition}:events:${var.region}:${local.account}:event-bus/${local.prefix}" } }
      },
      {
        Sid       = "DisksOfTasks"
        Effect    = "Allow"
        Principal = { Service = ["fargate.amazonaws.com"] }
        Action    = ["kms:GenerateDataKeyWithoutPlaintext"]
        Resource  = "*"
        Condition = { StringEquals = local.disks_of_tasks }
      },
      {
        Sid       = "ReadDisksOfTasks"
        Effect    = "Allow"
        Principal = { Service = ["fargate.amazonaws.com"] }
        Action    = ["kms:CreateGrant"]
        Resource  = "*"
        Condition = {
          StringEquals                = local.disks_of_tasks
          "ForAllValues:StringEquals" = { "kms:GrantOperations" = ["Decrypt"] }
        }
      },
      {
        Sid       = "Pictures"
        Effect    = "Allow"
        Principal = { Service = ["cloudfront.amazonaws.com"] }
        Action    = ["kms:Decrypt"]
        Resource  = "*"
        Condition = { StringLike = { "aws:SourceArn" = "arn:${local.partition}:cloudfront::${local.account}:distribution/*" } }
      },
    ]
  })

  tags = { Name = local.prefix }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.prefix}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_kms_key" "second_region" {
  count                   = var.second_region_copy ? 1 : 0
  region                  = var.second_region
  description             = "${local.prefix}: the copy of the database's backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.key_owner]
  })

  tags = { Name = "${local.prefix}-copy" }
}
