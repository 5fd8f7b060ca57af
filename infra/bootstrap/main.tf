# Made once per account, before the rest: where the state lies, and where the image lies. Its own state stays in
# the file terraform.tfstate beside it; both things can be imported again by their names.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "name" {
  description = "The shop's name, as in the root."
  type        = string
  default     = "cornershop"
}

variable "region" {
  description = "Where the shop runs."
  type        = string
  default     = "us-east-1"
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.name, ManagedBy = "terraform" }
  }
}

data "aws_caller_identity" "this" {}

resource "aws_s3_bucket" "state" {
  # checkov:skip=CKV_AWS_18: Who read the state is in CloudTrail; a second bucket for it would need a third.
  # checkov:skip=CKV_AWS_144: A lost state can be imported again; every version of it is kept.
  # checkov:skip=CKV2_AWS_62: Nobody waits for a new state.
  bucket = "${var.name}-state-${data.aws_caller_identity.this.account_id}"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms" # with AWS's own key for S3: the shop's is made later, and one is paid for enough
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "state" {
  bucket     = aws_s3_bucket.state.id
  depends_on = [aws_s3_bucket_public_access_block.state]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyByTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_ecr_repository" "shop" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "shop" {
  repository = aws_ecr_repository.shop.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "The last 20 images, to go back to"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
      action       = { type = "expire" }
    }]
  })
}

output "state_bucket" {
  description = "For backend.hcl."
  value       = aws_s3_bucket.state.id
}

output "repository_url" {
  description = "Where the image is pushed to."
  value       = aws_ecr_repository.shop.repository_url
}
