# What an operator chooses for a shop; how big it is stands in sizes.tf and env/*.tfvars.

variable "name" {
  description = "Names every resource, with the environment behind it."
  type        = string
  default     = "cornershop"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}$", var.name))
    error_message = "Use 2 to 15 small letters, digits and dashes, beginning with a letter."
  }
}

variable "environment" {
  description = "Which of several installations this is, such as live or trial."
  type        = string
  default     = "live"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "Use 2 to 10 small letters and digits, beginning with a letter."
  }

  validation {
    condition     = length(var.name) + length(var.environment) <= 20
    error_message = "Name and environment have 20 letters together: the load balancer's groups are named NAME-ENVIRONMENT-storefront, in 32."
  }
}

variable "owner" {
  description = "Who answers for the bill: the value of the tag Owner."
  type        = string
  default     = "shop"
}

variable "extra_tags" {
  description = "Further tags on everything."
  type        = map(string)
  default     = {}
}

variable "region" {
  description = "Where the shop runs."
  type        = string
  default     = "us-east-1"

  validation {
    condition = contains([
      "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
      "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1",
      "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
      "eu-west-3", "me-central-1", "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
      "us-west-2",
    ], var.region)
    error_message = "The image knows no root certificate of RDS for this region: add it to domain/shared/rds.pem, and the region here."
  }
}

variable "zones" {
  description = "The letters of the two zones: fixed, so that nothing moves when AWS opens another."
  type        = list(string)
  default     = ["a", "b"]

  validation {
    condition     = length(var.zones) == 2 && length(distinct(var.zones)) == 2
    error_message = "Give two different letters."
  }
}

variable "second_region" {
  description = "Where the copy of the database's backups lies."
  type        = string
  default     = "us-west-2"
}

variable "image" {
  description = "The shop's image, by digest: ACCOUNT.dkr.ecr.REGION.amazonaws.com/cornershop@sha256:..."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com/[a-z0-9/_-]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name an image in ECR by its digest (…@sha256:…): a tag can change under a running shop."
  }
}

variable "demo_image" {
  description = "The image of the target `demo`, by digest: adds the demo gateway and mailbox, to try the shop out. Empty: none."
  type        = string
  default     = ""

  validation {
    condition     = var.demo_image == "" || can(regex("@sha256:[0-9a-f]{64}$", var.demo_image))
    error_message = "Name the demo image by its digest (…@sha256:…)."
  }
}

variable "collector_image" {
  description = "The OpenTelemetry collector that runs beside each task. Empty: none."
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
}

variable "domain" {
  description = "The shop's domain, whose public hosted zone is in this account. Empty: addresses of CloudFront."
  type        = string
  default     = ""
}

variable "admin_label" {
  description = "The admin's name under the domain."
  type        = string
  default     = "admin"
}

variable "mail_from" {
  description = "The address that mail comes from. Empty: hello@ the domain."
  type        = string
  default     = ""
}

variable "alarm_email" {
  description = "Who is told of alarms and of the budget."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alarm_email))
    error_message = "Give an e-mail address."
  }
}

variable "settings" {
  description = "Further settings of the shop (SHOP_NAME, SHOP_CURRENCY, …): see docs/settings.md. They win over those made here."
  type        = map(string)
  default     = {}

  validation {
    condition     = var.demo_image != "" || lookup(var.settings, "SHOP_GATEWAYS", "") != ""
    error_message = "Name the payment gateways in SHOP_GATEWAYS, or set demo_image to try the shop with the demo gateway."
  }
}

variable "setting_secrets" {
  description = "Settings read from secrets that you made: SHOP_… to the ARN of a parameter in Parameter Store or of a secret in Secrets Manager."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.setting_secrets) : can(regex("^arn:[^:]+:(ssm:[^:]+:[^:]+:parameter/|secretsmanager:[^:]+:[^:]+:secret:).+", arn))])
    error_message = "Each is the ARN of a parameter (arn:aws:ssm:…:parameter/…) or of a secret (arn:aws:secretsmanager:…:secret:…)."
  }
}
