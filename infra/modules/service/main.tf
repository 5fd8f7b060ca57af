# One part of the shop on Fargate: its task, its service, and its log.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

data "aws_region" "this" {}

locals {
  full_name = "${var.prefix}-${var.name}"

  # What ECS reads to start the containers of this part, by the service that keeps it; one of its own says how to ask there.
  reads = { for store in ["secretsmanager", "ssm"] : store => distinct(flatten([
    for secrets in values(var.secrets) : [for from in values(secrets) : from.arn if from.store == store]
  ])) }

  log = {
    for container in concat(keys(var.containers), ["collector"]) : container => {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.this.region
        awslogs-stream-prefix = container
        mode                  = "non-blocking"
        max-buffer-size       = "4m"
      }
    }
  }

  shop = [for container, command in var.containers : {
    name                   = container
    image                  = var.image
    command                = command
    essential              = true
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    stopTimeout            = 110
    linuxParameters        = { initProcessEnabled = false, capabilities = { drop = ["ALL"] } }
    environment            = [for key, value in merge(var.environment[container], { OTEL_SERVICE_NAME = container }) : { name = key, value = value }]
    secrets                = [for key, from in var.secrets[container] : { name = key, valueFrom = from.arn }]
    mountPoints            = [{ sourceVolume = "var", containerPath = "/var/lib/cornershop", readOnly = false }]
    portMappings = [
      for site in var.site[*] : { name = container, containerPort = site.port, hostPort = site.port, protocol = "tcp" }
      if container == var.name
    ]
    logConfiguration = local.log[container]
    healthCheck = { # as the image says; each look starts a Python, 0.05 s of a core
      command     = ["CMD", "python", "-m", "cli.healthcheck"]
      interval    = 30
      timeout     = 10
      retries     = 3
      startPeriod = 60
    }
  }]

  collector = [for collector in var.collector[*] : {
    name                   = "collector"
    image                  = collector.image
    essential              = false
    readonlyRootFilesystem = true
    cpu                    = 0
    memory                 = 96
    environment            = [{ name = "AOT_CONFIG_CONTENT", value = collector.config }]
    logConfiguration       = local.log["collector"]
  }]
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: How long logs are kept is for the operator to say (log_days).
  name              = "/${var.prefix}/${var.name}"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_task_definition" "this" {
  # checkov:skip=CKV_AWS_97: There is no shared file system, only the task's own disk.
  # checkov:skip=CKV_AWS_336: Every container's root is read-only, as containers above say; written there is to the volume alone.
  family                   = local.full_name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.size.cpu)
  memory                   = tostring(var.size.memory)
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  track_latest             = true

  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }

  volume {
    name = "var"
  }

  container_definitions = jsonencode(concat(local.shop, local.collector))
  tags                  = { Name = local.full_name }
}

resource "aws_security_group" "this" {
  name        = local.full_name
  description = "Tasks of ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = local.full_name }
}

resource "aws_vpc_security_group_ingress_rule" "site" {
  count                        = var.site == null ? 0 : 1
  security_group_id            = aws_security_group.this.id
  description                  = "From the load balancer"
  referenced_security_group_id = var.site.alb_group
  ip_protocol                  = "tcp"
  from_port                    = var.site.port
  to_port                      = var.site.port
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each                     = var.network.inside
  security_group_id            = aws_security_group.this.id
  description                  = "To the ${each.key}"
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "outside" {
  for_each          = toset([for port in var.network.outside : tostring(port)])
  security_group_id = aws_security_group.this.id
  description       = each.key == "443" ? "AWS and payment gateways" : "Mail servers"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

resource "aws_ecs_service" "this" {
  # checkov:skip=CKV_AWS_333: A public address is how tasks get out where egress is public_ip; no rule lets anything in by it.
  count                              = var.one_off ? 0 : 1
  name                               = var.name
  cluster                            = var.cluster.arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.size.least
  platform_version                   = "LATEST"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = var.site == null ? null : 60
  enable_ecs_managed_tags            = true
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"

  dynamic "capacity_provider_strategy" {
    for_each = var.size.on_demand > 0 || !var.spot ? [1] : []

    content {
      capacity_provider = "FARGATE"
      base              = var.size.on_demand
      weight            = var.spot ? 0 : 1
    }
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.spot ? [1] : []

    content {
      capacity_provider = "FARGATE_SPOT"
      weight            = 1
    }
  }

  network_configuration {
    subnets          = var.network.subnets
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = var.network.public_ip
  }

  dynamic "load_balancer" {
    for_each = var.site[*]

    content {
      target_group_arn = load_balancer.value.target_group
      container_name   = var.name
      container_port   = load_balancer.value.port
    }
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = length(var.rollback_alarms) > 0 ? [1] : []

    content {
      enable      = true
      rollback    = true
      alarm_names = var.rollback_alarms
    }
  }

  lifecycle {
    # Which image runs is for deploy.py to say, and how many tasks for the scaling.
    ignore_changes = [desired_count, task_definition]
  }

  # A task that starts before it may read its secrets or reach the database fails, and the first deployment with it.
  depends_on = [
    aws_iam_role_policy.execution, aws_iam_role_policy.task, aws_vpc_security_group_egress_rule.inside,
    aws_vpc_security_group_egress_rule.outside,
  ]

  tags = { Name = local.full_name }
}
