# CloudFront's access logs, into the bucket of logs; their delivery is arranged in us-east-1, wherever the shop runs.

resource "aws_cloudwatch_log_delivery_source" "edge" {
  for_each     = local.sites
  region       = "us-east-1"
  name         = "${local.prefix}-${each.key}"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.this[each.key].arn
}

resource "aws_cloudwatch_log_delivery_destination" "edge" {
  region        = "us-east-1"
  name          = "${local.prefix}-edge"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = "${aws_s3_bucket.logs.arn}/edge"
  }
}

resource "aws_cloudwatch_log_delivery" "edge" {
  for_each                 = local.sites
  region                   = "us-east-1"
  delivery_source_name     = aws_cloudwatch_log_delivery_source.edge[each.key].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.edge.arn
  depends_on               = [aws_s3_bucket_policy.logs]
}
