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

run "an_unknown_way_out_is_refused" {
  command = plan

  variables {
    egress = "vpn"
  }

  expect_failures = [var.egress]
}
