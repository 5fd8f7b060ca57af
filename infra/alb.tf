# The load balancer stands in the private subnets; CloudFront reaches it by its VPC origin, nobody else does.

locals {
  # With a domain, TLS all the way; without one there is no certificate for the inner leg, which never leaves the VPC.
  tls  = var.domain != ""
  port = local.tls ? 443 : 80
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "alb" {
  name        = "${local.prefix}-alb"
  description = "The load balancer: from CloudFront in, to the sites out"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.prefix}-alb" }
}

resource "aws_vpc_security_group_ingress_rule" "alb" {
  security_group_id = aws_security_group.alb.id
  description       = "CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
}

resource "aws_vpc_security_group_egress_rule" "alb" {
  for_each                     = local.sites
  security_group_id            = aws_security_group.alb.id
  description                  = "To ${each.key}"
  referenced_security_group_id = module.service[each.key].security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_lb" "this" {
  # checkov:skip=CKV2_AWS_20: There is nothing on port 80 to redirect: CloudFront does that, and speaks to one port only.
  # checkov:skip=CKV2_AWS_28: The firewall stands at CloudFront, the only way in.
  # checkov:skip=CKV2_AWS_76: The firewall stands at CloudFront, with the rules against Log4j among its known bad inputs.
  name                       = local.prefix
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = [for subnet in aws_subnet.private : subnet.id]
  security_groups            = [aws_security_group.alb.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = true
  idle_timeout               = 65

  access_logs {
    enabled = true
    bucket  = aws_s3_bucket.logs.id
    prefix  = "alb"
  }

  tags       = { Name = local.prefix }
  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_lb_target_group" "site" {
  # checkov:skip=CKV_AWS_378: The last leg is from the load balancer to a task inside the VPC, held to it by security groups.
  for_each             = local.sites
  name                 = "${local.prefix}-${each.key}"
  vpc_id               = aws_vpc.this.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = each.value.port
  deregistration_delay = 30
  slow_start           = 30

  load_balancing_algorithm_type = "round_robin"

  health_check {
    path                = each.value.health
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = { Name = "${local.prefix}-${each.key}" }
}

resource "aws_lb_listener" "this" {
  # checkov:skip=CKV_AWS_2: HTTPS wherever there is a domain to have a certificate for; without, this leg stays inside the VPC.
  # checkov:skip=CKV_AWS_103: TLS 1.3 wherever there is a domain; see above.
  load_balancer_arn = aws_lb.this.arn
  port              = local.port
  protocol          = local.tls ? "HTTPS" : "HTTP"
  ssl_policy        = local.tls ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  certificate_arn   = local.tls ? aws_acm_certificate_validation.alb[0].certificate_arn : null

  # A name that is not ours gets nothing.
  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "There is no shop at this address."
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "site" {
  for_each     = local.sites
  listener_arn = aws_lb_listener.this.arn
  priority     = 10 + index(keys(local.sites), each.key)

  condition {
    host_header {
      values = [local.hosts[each.key]]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.site[each.key].arn
  }

  tags = { Name = "${local.prefix}-${each.key}" }
}

# Watching and probing is for inside: from outside the health pages are not there.
resource "aws_lb_listener_rule" "inside_only" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/readyz"]
    }
  }

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "Not found"
      status_code  = "404"
    }
  }
}
