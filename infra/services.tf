# The parts of the shop, each with its own role, log, security group and scaling; one image for all.

locals {
  # Written here once: what each part runs, and what it needs beyond the database and the cache.
  parts = merge(
    {
      storefront = { containers = { storefront = ["role", "storefront"] }, size = var.services.storefront }
      admin      = { containers = { admin = ["role", "admin"] }, size = var.services.admin }
      worker = {
        containers = merge(
          { worker = ["role", "worker"] },
          { for role in ["relay", "scheduler"] : role => ["role", role] if var.background_together },
        )
        size = var.services.worker
      }
      migrate = {
        containers = { migrate = ["role", "migrate"] }
        size       = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 1 }
      }
    },
    { for role in ["relay", "scheduler"] : role => { containers = { (role) = ["role", role] }, size = var.services[role] } if !var.background_together },
    { for role in ["sandbox"] : role => {
      containers = { sandbox = ["role", "sandbox"] }
      size       = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
    } if var.demo_image != "" },
  )

  uses_database = toset([for part in keys(local.parts) : part if contains(local.readers.SHOP_DATABASE_URL, part)])
  uses_cache    = toset([for part in keys(local.parts) : part if contains(local.readers.SHOP_REDIS_URL, part)])
  running       = toset([for part in keys(local.parts) : part if part != "migrate"])

  # Connections to the database, at the most tasks and with two versions side by side during a deployment. A job has one
  # and its worker one; a relay works with one and listens with another; a scheduler has one and, where it is in charge, one
  # for each of what it does. Six operators, backups and RDS itself keep the rest. What is left is shared by the sites' processes.
  connections_admitted = min(5000, floor(local.database_memory / 9531392))
  connections_behind = (
    2 * (2 * var.services.worker.most + 3 * (var.background_together ? var.services.worker.most : max(var.services.relay.most, var.services.scheduler.most))) + 12
  )
  web_tasks_at_most   = 2 * (var.services.storefront.most + var.services.admin.most)
  pool_size           = max(1, min(4, floor((local.connections_admitted * 0.9 - local.connections_behind - 6) / local.web_tasks_at_most)))
  connections_at_most = local.web_tasks_at_most * local.pool_size + local.connections_behind + 6

  settings = merge(
    {
      SHOP_DATABASE_POOL_SIZE    = tostring(local.pool_size)
      SHOP_DRAIN_SECONDS         = "15" # until load balancer and CloudFront know that a task is going
      SHOP_STOREFRONT_URL        = local.urls.storefront
      SHOP_ADMIN_URL             = local.urls.admin
      SHOP_TRUSTED_HOPS          = "2" # CloudFront and the load balancer
      SHOP_MAIL_FROM             = local.mail_from
      SHOP_MEDIA_BUCKET          = aws_s3_bucket.media.id
      SHOP_MEDIA_URL             = local.urls.storefront # where CloudFront reads them from the bucket
      SHOP_EVENT_BUS             = aws_cloudwatch_event_bus.this.name
      SHOP_SES_CONFIGURATION_SET = aws_sesv2_configuration_set.this.configuration_set_name
      SHOP_SES_FEEDBACK_QUEUE    = module.feedback.url
      TMPDIR                     = "/var/lib/cornershop" # the only place that may be written to
      SHOP_AWS_REGION            = var.region
    },
    { for setting, value in {
      SHOP_GATEWAYS    = "demo"
      SHOP_SANDBOX_URL = try(local.urls.sandbox, "")
    } : setting => value if var.demo_image != "" },
    { for setting, value in {
      SHOP_TELEMETRY              = "otlp"
      OTEL_EXPORTER_OTLP_ENDPOINT = "http://localhost:4318"
      OTEL_TRACES_SAMPLER         = "parentbased_traceidratio"
      OTEL_TRACES_SAMPLER_ARG     = tostring(var.trace_percent / 100)
    } : setting => value if var.collector_image != "" },
    var.settings,
  )

  # Whoever lacks a secret does without what it is for; "," is no gateway at all.
  containers = toset(flatten([for part in values(local.parts) : keys(part.containers)]))

  settings_of = { for container in local.containers : container => merge(
    local.settings,
    { for setting, word in local.instead : setting => word if !contains(keys(local.secrets_of[container]), setting) },
    { for setting in ["SHOP_GATEWAYS"] : setting => container == "sandbox" ? "demo" : "," if !contains(local.handle_orders, container) },
  ) }

  # account.dkr.ecr.region.amazonaws.com/NAME@sha256:…
  repository = {
    for image in compact([var.image, var.demo_image]) : image =>
    "arn:${local.partition}:ecr:${split(".", image)[3]}:${split(".", image)[0]}:repository/${regex("/([^@]+)@", image)[0]}"
  }
}

module "service" {
  source   = "./modules/service"
  for_each = local.parts

  prefix         = local.prefix
  name           = each.key
  cluster        = { arn = aws_ecs_cluster.this.arn, name = aws_ecs_cluster.this.name }
  image          = each.key == "sandbox" ? var.demo_image : var.image
  repository_arn = local.repository[each.key == "sandbox" ? var.demo_image : var.image]
  containers     = each.value.containers
  size           = each.value.size
  spot           = var.spot
  one_off        = each.key == "migrate"

  network = {
    vpc_id    = aws_vpc.this.id
    subnets   = local.task_subnets
    public_ip = local.task_public_ip
    outside   = contains(["worker", "admin"], each.key) ? [443, 587] : [443]
    inside = merge(
      { for group in ["database"] : group => { group = aws_security_group.database.id, port = 5432 } if contains(local.uses_database, each.key) },
      { for group in ["cache"] : group => { group = aws_security_group.cache.id, port = 6379 } if contains(local.uses_cache, each.key) },
    )
  }

  site = contains(keys(local.sites), each.key) ? {
    port         = local.sites[each.key].port
    alb_group    = aws_security_group.alb.id
    target_group = aws_lb_target_group.site[each.key].arn
    label        = "${aws_lb.this.arn_suffix}/${aws_lb_target_group.site[each.key].arn_suffix}"
  } : null

  environment = { for container in keys(each.value.containers) : container => local.settings_of[container] }
  secrets     = { for container in keys(each.value.containers) : container => local.secrets_of[container] }
  key_arn     = aws_kms_key.this.arn
  log_days    = var.log_days
  statements  = jsonencode(local.may[each.key])

  works_on_aws = length(local.may[each.key]) > 0

  collector = var.collector_image == "" || each.key == "migrate" ? null : {
    image  = var.collector_image
    config = local.collector_config
  }

  backlog = each.key != "worker" ? {} : {
    depth = { namespace = local.prefix, metric = "queue_depth", dimensions = local.figures, target = 200 }
    age   = { namespace = local.prefix, metric = "queue_age_seconds", dimensions = local.figures, target = 30 }
  }

  rollback_alarms = each.key != "storefront" ? [] : [for alarm in ["errors", "slow"] : aws_cloudwatch_metric_alarm.this[alarm].alarm_name]

  depends_on = [
    aws_ecs_cluster_capacity_providers.this, aws_lb_listener_rule.site, aws_ssm_parameter.secret,
  ]
}
