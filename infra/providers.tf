provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition

  tags = merge({
    Project     = var.name
    Environment = var.environment
    Owner       = var.owner
    ManagedBy   = "terraform"
  }, var.extra_tags)

  prefix = "${var.name}-${var.environment}"
}
