# With var.domain: certificates, the sites' names, and the records by which others know that mail is ours.

data "aws_route53_zone" "this" {
  count        = local.tls ? 1 : 0
  name         = var.domain
  private_zone = false
}

resource "aws_acm_certificate" "edge" {
  count                     = local.tls ? 1 : 0
  region                    = "us-east-1" # where CloudFront looks
  domain_name               = var.domain
  subject_alternative_names = ["*.${var.domain}"]
  validation_method         = "DNS"
  tags                      = { Name = "${local.prefix}-edge" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate" "alb" {
  count                     = local.tls ? 1 : 0
  domain_name               = var.domain
  subject_alternative_names = ["*.${var.domain}"]
  validation_method         = "DNS"
  tags                      = { Name = "${local.prefix}-alb" }

  lifecycle {
    create_before_destroy = true
  }
}

# One record proves the domain and everything below it, for both certificates.
resource "aws_route53_record" "proof" {
  count           = local.tls ? 1 : 0
  zone_id         = data.aws_route53_zone.this[0].zone_id
  name            = local.proof[0].resource_record_name
  type            = local.proof[0].resource_record_type
  records         = [local.proof[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

locals {
  proof = [
    for option in flatten([for certificate in aws_acm_certificate.edge : tolist(certificate.domain_validation_options)]) : option
    if option.domain_name == var.domain
  ]
}

resource "aws_acm_certificate_validation" "edge" {
  count                   = local.tls ? 1 : 0
  region                  = "us-east-1"
  certificate_arn         = aws_acm_certificate.edge[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_acm_certificate_validation" "alb" {
  count                   = local.tls ? 1 : 0
  certificate_arn         = aws_acm_certificate.alb[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_route53_record" "site" {
  for_each = local.tls ? {
    for pair in setproduct(keys(local.sites), ["A", "AAAA"]) : join("-", pair) => { site = pair[0], type = pair[1] }
  } : {}
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = local.named[each.value.site]
  type    = each.value.type

  alias {
    name                   = aws_cloudfront_distribution.this[each.value.site].domain_name
    zone_id                = aws_cloudfront_distribution.this[each.value.site].hosted_zone_id
    evaluate_target_health = false
  }
}

# Nobody but Amazon may issue certificates for the shop.
resource "aws_route53_record" "caa" {
  count   = local.tls ? 1 : 0
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = var.domain
  type    = "CAA"
  ttl     = 3600
  records = ["0 issue \"amazon.com\"", "0 issuewild \"amazon.com\""]
}

resource "aws_route53_record" "dkim" {
  count   = local.tls ? 3 : 0
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = "${aws_sesv2_email_identity.domain[0].dkim_signing_attributes[0].tokens[count.index]}._domainkey.${var.domain}"
  type    = "CNAME"
  ttl     = 3600
  records = ["${aws_sesv2_email_identity.domain[0].dkim_signing_attributes[0].tokens[count.index]}.dkim.amazonses.com"]
}

resource "aws_route53_record" "bounce" {
  for_each = local.tls ? {
    MX  = "10 feedback-smtp.${var.region}.amazonses.com"
    TXT = "v=spf1 include:amazonses.com -all"
  } : {}
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = "bounce.${var.domain}"
  type    = each.key
  ttl     = 3600
  records = [each.value]
}

resource "aws_route53_record" "dmarc" {
  count   = local.tls ? 1 : 0
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = "_dmarc.${var.domain}"
  type    = "TXT"
  ttl     = 3600
  records = ["v=DMARC1; p=quarantine; rua=mailto:${var.alarm_email}"]
}
