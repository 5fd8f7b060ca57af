terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }

  # Made by bootstrap/; `terraform init -backend-config=backend.hcl` names the bucket and the key.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
