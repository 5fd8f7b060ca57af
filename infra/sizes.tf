# How big the shop is, and what it is safe against: env/mvp.tfvars, standard.tfvars and hardened.tfvars set all of this.

variable "egress" {
  description = "How tasks reach the internet: public_ip (an address of their own, no way in), nat_instance or nat_gateway."
  type        = string

  validation {
    condition     = contains(["public_ip", "nat_instance", "nat_gateway"], var.egress)
    error_message = "Use public_ip, nat_instance or nat_gateway."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway or instance in each zone, so that the loss of a zone does not take the other's way out."
  type        = bool
}

variable "services" {
  description = "CPU units, MB, least and most tasks of each service, and how many of the least are on demand; the rest is Spot."
  type = map(object({
    cpu       = number
    memory    = number
    least     = number
    most      = number
    on_demand = number
  }))

  validation {
    condition     = toset(keys(var.services)) == toset(["admin", "relay", "scheduler", "storefront", "worker"])
    error_message = "Give admin, relay, scheduler, storefront and worker."
  }

  validation {
    condition     = alltrue([for s in values(var.services) : s.least >= 1 && s.most >= s.least && s.on_demand <= s.least])
    error_message = "Each service needs 1 <= least <= most, and on_demand <= least."
  }
}

variable "spot" {
  description = "Whether tasks beyond those on demand are Spot; without, everything is on demand."
  type        = bool
}

variable "background_together" {
  description = "Relay and scheduler as containers of the worker's task instead of services of their own; both may run more than once."
  type        = bool
}

variable "database_class" {
  description = "The class of the RDS instance."
  type        = string
}

variable "database_storage" {
  description = "GB of the database at first, and the most it may grow to by itself."
  type        = object({ first = number, most = number })
}

variable "multi_az" {
  description = "A standby of the database in the second zone, which takes over by itself."
  type        = bool
}

variable "read_replica" {
  description = "A replica of the database for reads (SHOP_DATABASE_REPLICA_URL)."
  type        = bool
}

variable "second_region_copy" {
  description = "Copy the database's backups to the second region, as they are made."
  type        = bool
}

variable "cache_class" {
  description = "The class of the Valkey nodes."
  type        = string
}

variable "cache_nodes" {
  description = "Valkey nodes; from two on, one takes over for another."
  type        = number

  validation {
    condition     = var.cache_nodes >= 1 && var.cache_nodes <= 6
    error_message = "Use 1 to 6 nodes."
  }
}

variable "outside_check" {
  description = "A health check from outside, by Route 53 from several parts of the world."
  type        = bool
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number

  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400], var.log_days)
    error_message = "CloudWatch keeps logs for 30, 60, 90, 120, 150, 180, 365 or 400 days."
  }
}

variable "trace_percent" {
  description = "How many of a hundred requests are traced."
  type        = number
}

variable "requests_per_ip" {
  description = "How many requests one address may make in 5 minutes."
  type        = number
}

variable "sms_budget" {
  description = "USD a month after which no more SMS are sent."
  type        = number
}

variable "monthly_budget" {
  description = "USD a month; mail is sent at 80 % of it, at 100 %, and when 100 % are foreseen."
  type        = number
}
