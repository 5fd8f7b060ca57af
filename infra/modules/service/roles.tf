# Two roles: what ECS may do to start the task, and what the task may do once it runs.

data "aws_partition" "this" {}

locals {
  how = {
    secretsmanager = { sid = "Secrets", actions = ["secretsmanager:GetSecretValue"], named = "SecretARN" }
    ssm            = { sid = "Parameters", actions = ["ssm:GetParameters"], named = "PARAMETER_ARN" }
  }

  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = ["sts:AssumeRole"]
    }]
  })
}

resource "aws_iam_role" "execution" {
  name               = "${local.full_name}-execution"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "SignInToTheRegistry"
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = "*" # the only one it takes
        },
        {
          Sid      = "FetchTheImage"
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = [var.repository_arn]
        },
        {
          Sid      = "WriteTheLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
        },
      ],
      [for store, arns in local.reads : {
        Sid      = local.how[store].sid
        Effect   = "Allow"
        Action   = local.how[store].actions
        Resource = arns
      } if length(arns) > 0],
      # Each is opened as itself only: the key opens none for this role that is not named here.
      [for store, arns in local.reads : {
        Sid       = "Open${local.how[store].sid}"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [var.key_arn]
        Condition = { StringEquals = { "kms:EncryptionContext:${local.how[store].named}" = arns } }
      } if length(arns) > 0],
    )
  })
}

resource "aws_iam_role" "task" {
  name               = "${local.full_name}-task"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "task" {
  count = var.works_on_aws ? 1 : 0
  name  = "work"
  role  = aws_iam_role.task.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = jsondecode(var.statements)
  })
}
