# Pictures, read by CloudFront alone, and the logs of whoever can only write logs to S3.

resource "aws_s3_bucket" "media" {
  # checkov:skip=CKV_AWS_144: Pictures have versions and can be drawn or uploaded again; the database's copy is what must survive a region.
  # checkov:skip=CKV2_AWS_62: Nothing waits for a new picture: the shop itself writes them.
  bucket = "${local.prefix}-media-${local.account}"
  tags   = { Name = "${local.prefix}-media" }
}

resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV_AWS_18: A bucket of logs that logs itself would never end.
  # checkov:skip=CKV_AWS_144: Logs of a lost region have nobody left to read them.
  # checkov:skip=CKV_AWS_145: The load balancer cannot write with a customer key, only with that of S3.
  # checkov:skip=CKV2_AWS_62: Nobody waits for a log file.
  bucket = "${local.prefix}-logs-${local.account}"
  tags   = { Name = "${local.prefix}-logs" }
}

locals {
  buckets = { media = aws_s3_bucket.media, logs = aws_s3_bucket.logs }

  insecure = { for name, bucket in local.buckets : name => {
    Sid       = "OnlyByTLS"
    Effect    = "Deny"
    Principal = "*"
    Action    = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    Resource  = [bucket.arn, "${bucket.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  } }
}

resource "aws_s3_bucket_public_access_block" "media" {
  bucket                  = aws_s3_bucket.media.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets
  bucket   = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "media" {
  bucket = aws_s3_bucket.media.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "media" {
  bucket = aws_s3_bucket.media.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "media" {
  bucket = aws_s3_bucket.media.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "old-logs"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_logging" "media" {
  bucket        = aws_s3_bucket.media.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "media/"
}

resource "aws_s3_bucket_policy" "media" {
  bucket     = aws_s3_bucket.media.id
  depends_on = [aws_s3_bucket_public_access_block.media]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.insecure.media,
      {
        Sid       = "ReadByTheStorefrontsCloudFront"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = ["s3:GetObject"]
        Resource  = ["${aws_s3_bucket.media.arn}/media/*"]
        Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.this["storefront"].arn } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "logs" {
  bucket     = aws_s3_bucket.logs.id
  depends_on = [aws_s3_bucket_public_access_block.logs]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.insecure.logs,
      {
        Sid    = "WrittenByAWS"
        Effect = "Allow"
        Principal = { Service = [
          "delivery.logs.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com", "logging.s3.amazonaws.com",
        ] }
        Action    = ["s3:PutObject"]
        Resource  = ["${aws_s3_bucket.logs.arn}/*"]
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "SeenByAWS"
        Effect    = "Allow"
        Principal = { Service = ["delivery.logs.amazonaws.com"] }
        Action    = ["s3:GetBucketAcl"]
        Resource  = [aws_s3_bucket.logs.arn]
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  })
}
