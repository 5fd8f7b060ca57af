# The choices that one variable makes, on top of the smallest size, and what is refused.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-west-1" }
  }
  mock_data "aws_route53_zone" {
    defaults = { zone_id = "Z1" }
  }
  mock_resource "aws_sesv2_email_identity" {
    defaults = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
  }
  mock_resource "aws_acm_certificate" {
    defaults = { domain_validation_options = [
      { domain_name = "shop.example", resource_record_name = "_proof.shop.example", resource_record_type = "CNAME", resource_record_value = "_is.ours" },
      { domain_name = "*.shop.example", resource_record_name = "_proof.shop.example", resource_record_type = "CNAME", resource_record_value = "_is.ours" },
    ] }
  }
}

mock_provider "random" {}

variables {
  image       = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cornershop@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  demo_image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cornershop@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  region      = "eu-west-1"
  alarm_email = "owner@example.com"
  domain      = "shop.example"

  egress       = "public_ip"
  nat_per_zone = false
  spot         = true

  background_together = true
  services = {
    storefront = { cpu = 256, memory = 512, least = 2, most = 6, on_demand = 1 }
    admin      = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
    worker     = { cpu = 256, memory = 1024, least = 1, most = 3, on_demand = 1 }
    relay      = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
    scheduler  = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
  }

  database_class     = "db.t4g.micro"
  database_storage   = { first = 20, most = 100 }
  multi_az           = true
  read_replica       = false
  second_region_copy = true

  cache_class = "cache.t4g.micro"
  cache_nodes = 1

  outside_check   = false
  log_days        = 30
  trace_percent   = 5
  requests_per_ip = 2000
  sms_budget      = 1
  monthly_budget  = 120
}

run "with_a_domain_and_nothing_else_chosen" {
  assert {
    condition     = local.task_public_ip && length(aws_nat_gateway.this) + length(aws_instance.nat) + length(aws_eip.nat) == 0
    error_message = "With public_ip there is no NAT to pay."
  }

  assert {
    condition     = length(aws_db_instance.replica) == 0 && !contains(keys(aws_cloudwatch_metric_alarm.this), "replica-lag")
    error_message = "Without a replica there is none to watch."
  }

  assert {
    condition     = length(aws_db_instance_automated_backups_replication.second_region) == 1 && aws_db_instance_automated_backups_replication.second_region[0].region == var.second_region && aws_db_instance_automated_backups_replication.second_region[0].kms_key_id == aws_kms_key.second_region[0].arn && aws_kms_key.second_region[0].enable_key_rotation
    error_message = "The copy in the second region has a key of its own there."
  }

  assert {
    condition     = length(aws_route53_health_check.outside) == 0 && !contains(keys(aws_cloudwatch_metric_alarm.edge), "outside")
    error_message = "Nobody looks from outside unless asked to."
  }

  assert {
    condition     = [for s in jsondecode(module.service["sandbox"].container_definitions)[0].secrets : s.name] == ["SHOP_DEMO_GATEWAY_SECRET"] && alltrue([for setting, parameter in aws_ssm_parameter.secret : strcontains(module.service["sandbox"].execution_policy, parameter.arn) == (setting == "SHOP_DEMO_GATEWAY_SECRET")]) && contains([for s in jsondecode(module.service["storefront"].container_definitions)[0].secrets : s.name], "SHOP_DEMO_GATEWAY_SECRET")
    error_message = "The sandbox knows what it shares with the shop, and none of the shop's own secrets."
  }
}

run "secrets_of_the_operators_own" {
  variables {
    settings = { SHOP_GATEWAYS = "stripe" }
    setting_secrets = {
      SHOP_STRIPE_SECRET_KEY = "arn:aws:ssm:eu-west-1:123456789012:parameter/cornershop-live/stripe"
      SHOP_SMTP_PASSWORD     = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:smtp-a1b2c3"
    }
  }

  assert {
    condition = [for part in ["worker", "storefront", "migrate", "sandbox"] : [for arn in values(var.setting_secrets) : strcontains(module.service[part].execution_policy, arn)]] == [
      [true, true], [false, true], [false, false], [false, false],
    ]
    error_message = "A key of a gateway is for whoever handles orders, the mail server's password for the worker."
  }

  assert {
    condition = [for s in jsondecode(module.service["worker"].execution_policy).Statement : s.Condition if s.Sid == "OpenSecrets"] == [{ StringEquals = {
      "kms:EncryptionContext:SecretARN" = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:smtp-a1b2c3"]
    } }] && [for s in jsondecode(module.service["worker"].execution_policy).Statement : s.Action if s.Sid == "Secrets"] == [["secretsmanager:GetSecretValue"]]
    error_message = "A secret of Secrets Manager is read and opened there, by its own name."
  }
}

run "what_is_no_secret_is_refused" {
  command = plan

  variables {
    setting_secrets = { SHOP_SMTP_PASSWORD = "the password itself" }
  }

  expect_failures = [var.setting_secrets]
}

run "without_a_domain" {
  variables {
    domain = ""
  }

  assert {
    condition     = aws_lb_listener.this.protocol == "HTTP" && aws_lb.this.internal && length(aws_acm_certificate.alb) + length(aws_acm_certificate.edge) + length(aws_route53_record.dkim) == 0
    error_message = "Without a domain there is no certificate, and the leg without TLS stays inside the VPC."
  }

  assert {
    condition     = alltrue([for site in values(aws_cloudfront_distribution.this) : site.viewer_certificate[0].cloudfront_default_certificate && site.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"]) && output.storefront_url == "https://${aws_cloudfront_distribution.this["storefront"].domain_name}"
    error_message = "Shoppers come by TLS to an address of CloudFront."
  }

  assert {
    condition     = length(aws_sesv2_email_identity.address) == 1 && length(aws_sesv2_email_identity.domain) == 0
    error_message = "One address sends mail."
  }
}

run "one_gateway_for_both_zones" {
  variables {
    egress = "nat_gateway"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat_gateway) == 2 && length(aws_instance.nat) == 0 && !local.task_public_ip
    error_message = "Both zones go out by the one gateway."
  }
}

run "everything_chosen_otherwise" {
  variables {
    egress             = "nat_instance"
    nat_per_zone       = true
    read_replica       = true
    second_region_copy = false
    multi_az           = false
    cache_nodes        = 2
    outside_check      = true
    collector_image    = ""
  }

  assert {
    condition     = length(aws_instance.nat) == 2 && length(aws_nat_gateway.this) == 0 && alltrue([for nat in values(aws_instance.nat) : nat.metadata_options[0].http_tokens == "required" && nat.root_block_device[0].encrypted])
    error_message = "A NAT instance in each zone, with nothing to be had from it."
  }

  assert {
    condition     = aws_lb_listener.this.protocol == "HTTPS" && aws_lb_listener.this.port == 443 && aws_cloudfront_vpc_origin.alb.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only"
    error_message = "With a domain, TLS goes all the way to the load balancer."
  }

  assert {
    condition     = output.storefront_url == "https://shop.example" && output.admin_url == "https://admin.shop.example" && output.sandbox_url == "https://sandbox.shop.example"
    error_message = "Each site has its name."
  }

  assert {
    condition     = alltrue([for site in values(aws_cloudfront_distribution.this) : site.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"])
    error_message = "Nothing older than TLS 1.2."
  }

  assert {
    condition     = length(aws_db_instance.replica) == 1 && aws_db_instance.replica[0].deletion_protection && aws_db_instance.replica[0].storage_encrypted && contains(keys(aws_cloudwatch_metric_alarm.this), "replica-lag")
    error_message = "The replica is as safe as its source, and watched."
  }

  assert {
    condition     = length(aws_db_instance_automated_backups_replication.second_region) == 0 && length(aws_kms_key.second_region) == 0 && !aws_db_instance.this.multi_az
    error_message = "What is switched off is not there, and not paid for."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.edge["outside"].alarm_actions == toset([aws_sns_topic.edge_alarms[0].arn]) && contains(keys(aws_cloudwatch_metric_alarm.edge), "certificate-edge")
    error_message = "Alarms of the edge speak to the topic beside them."
  }

  assert {
    condition     = alltrue([for policy in [module.service["storefront"].task_policy, module.service["sandbox"].task_policy] : policy == ""])
    error_message = "Without a collector, the storefront needs nothing from AWS."
  }
}

run "an_image_that_can_change_is_refused" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cornershop:latest"
  }

  expect_failures = [var.image]
}

run "a_shop_without_a_way_to_pay_is_refused" {
  command = plan

  variables {
    demo_image = ""
  }

  expect_failures = [var.settings]
}

run "a_region_whose_database_nobody_could_check_is_refused" {
  command = plan

  variables {
    region = "xx-nowhere-1"
  }

  expect_failures = [var.region]
}

run "names_too_long_for_the_load_balancer_are_refused" {
  command = plan

  variables {
    name        = "cornershop-west"
    environment = "rehearsal"
  }

  expect_failures = [var.environment]
}

run "an_unknown_way_out_is_refused" {
  command = plan

  variables {
    egress = "vpn"
  }

  expect_failures = [var.egress]
}
