# CloudFront is the only public thing: a distribution for each site, over the load balancer's private address.

locals {
  sites = merge(
    {
      storefront = { port = 8000, health = "/readyz", label = "" }
      admin      = { port = 8001, health = "/readyz", label = var.admin_label }
    },
    var.demo_image == "" ? {} : { sandbox = { port = 8002, health = "/mailbox", label = "sandbox" } },
  )

  named = { for name, site in local.sites : name => site.label == "" ? var.domain : "${site.label}.${var.domain}" }
  hosts = local.tls ? local.named : { for name in keys(local.sites) : name => aws_cloudfront_distribution.this[name].domain_name }
  urls  = { for name, host in local.hosts : name => "https://${host}" }

  # What AWS keeps for everybody, the same in each account.
  policy = {
    cache_nothing   = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
    cache_static    = "658327ea-f89d-4fab-a63d-7e88639e58f6" # Managed-CachingOptimized
    forward_all     = "216adef6-5c7f-47e4-b989-5492eafa07d3" # Managed-AllViewer
    headers_hsts    = "67f7725c-6f97-4210-82d7-5512b31e9d03" # Managed-SecurityHeadersPolicy
    every_method    = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    reading_methods = ["GET", "HEAD"]
  }

  # Paths of the storefront, in the order in which CloudFront looks: what one shopper sees, then what all see alike.
  never_cached = [
    "/account*", "/api/*", "/cart*", "/checkout*", "/look-in*", "/messages*", "/orders*", "/p/*/review", "/password*",
    "/recently-viewed*", "/register*", "/seen*", "/sign-*", "/webhooks/*", "/wishlist*",
  ]
}

resource "aws_cloudfront_vpc_origin" "alb" {
  vpc_origin_endpoint_config {
    name                   = local.prefix
    arn                    = aws_lb.this.arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = local.tls ? "https-only" : "http-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }

  tags = { Name = local.prefix }
}

resource "aws_cloudfront_origin_access_control" "media" {
  name                              = "${local.prefix}-media"
  description                       = "The storefront's pictures"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# Pages say themselves who may keep them and for how long; htmx asks for parts of the same address by these headers.
resource "aws_cloudfront_cache_policy" "pages" {
  name        = "${local.prefix}-pages"
  comment     = "As the page says; no cookies in the key"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 86400

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = ["HX-History-Restore-Request", "HX-Request", "HX-Request-Type"]
      }
    }

    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_86: Logged by the newer kind of delivery, in edge_logs.tf.
  # checkov:skip=CKV_AWS_174: TLS 1.2 wherever there is a domain; the address of CloudFront itself allows no choice.
  # checkov:skip=CKV_AWS_305: The shop answers at /, there is no file to name.
  # checkov:skip=CKV_AWS_310: There is one origin, in two zones; another region is a written plan.
  # checkov:skip=CKV_AWS_374: A shop sells to whoever comes.
  # checkov:skip=CKV2_AWS_32: The shop sends its own headers, stricter than those of any policy.
  # checkov:skip=CKV2_AWS_42: A certificate of our own wherever there is a domain.
  # checkov:skip=CKV2_AWS_47: The known bad inputs, with Log4j among them, are in the list of firewall.tf.
  for_each        = local.sites
  comment         = "${local.prefix} ${each.key}"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_100"
  aliases         = local.tls ? [local.named[each.key]] : []
  web_acl_id      = aws_wafv2_web_acl.this.arn

  origin {
    origin_id   = "alb"
    domain_name = aws_lb.this.dns_name

    vpc_origin_config {
      vpc_origin_id            = aws_cloudfront_vpc_origin.alb.id
      origin_keepalive_timeout = 60
      origin_read_timeout      = 30
    }
  }

  dynamic "origin" {
    for_each = each.key == "storefront" ? [1] : []

    content {
      origin_id                = "media"
      domain_name              = aws_s3_bucket.media.bucket_regional_domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.media.id
    }
  }

  default_cache_behavior {
    target_origin_id         = "alb"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = local.policy.every_method
    cached_methods           = local.policy.reading_methods
    compress                 = true
    cache_policy_id          = each.key == "storefront" ? aws_cloudfront_cache_policy.pages.id : local.policy.cache_nothing
    origin_request_policy_id = local.policy.forward_all
  }

  dynamic "ordered_cache_behavior" {
    for_each = each.key == "storefront" ? local.never_cached : []

    content {
      path_pattern             = ordered_cache_behavior.value
      target_origin_id         = "alb"
      viewer_protocol_policy   = "redirect-to-https"
      allowed_methods          = local.policy.every_method
      cached_methods           = local.policy.reading_methods
      compress                 = true
      cache_policy_id          = local.policy.cache_nothing
      origin_request_policy_id = local.policy.forward_all
    }
  }

  # Their addresses change with their content.
  ordered_cache_behavior {
    path_pattern             = "/static/*"
    target_origin_id         = "alb"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = local.policy.reading_methods
    cached_methods           = local.policy.reading_methods
    compress                 = true
    cache_policy_id          = local.policy.cache_static
    origin_request_policy_id = local.policy.forward_all
  }

  dynamic "ordered_cache_behavior" {
    for_each = each.key == "storefront" ? [1] : []

    content {
      path_pattern               = "/media/*"
      target_origin_id           = "media"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = local.policy.reading_methods
      cached_methods             = local.policy.reading_methods
      compress                   = true
      cache_policy_id            = local.policy.cache_static
      response_headers_policy_id = local.policy.headers_hsts
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = !local.tls
    acm_certificate_arn            = local.tls ? aws_acm_certificate_validation.edge[0].certificate_arn : null
    ssl_support_method             = local.tls ? "sni-only" : null
    minimum_protocol_version       = local.tls ? "TLSv1.2_2021" : "TLSv1"
  }

  tags = { Name = "${local.prefix}-${each.key}" }
}
