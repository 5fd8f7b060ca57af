variable "prefix" {
  description = "What names of the installation begin with."
  type        = string
}

variable "name" {
  description = "The part of the shop: storefront, admin, worker, …"
  type        = string
}

variable "cluster" {
  description = "The ECS cluster."
  type        = object({ arn = string, name = string })
}

variable "network" {
  description = "Where tasks stand, whether with a public address, and what they may reach: the groups of database and cache by port."
  type = object({
    vpc_id    = string
    subnets   = list(string)
    public_ip = bool
    inside    = map(object({ group = string, port = number }))
    outside   = list(number)
  })
}

variable "site" {
  description = "For what serves pages: its port, the load balancer's group and target group, and its label for scaling. Null: no way in."
  type        = object({ port = number, alb_group = string, target_group = string, label = string })
  default     = null
}

variable "image" {
  description = "The image by digest."
  type        = string
}

variable "repository_arn" {
  description = "Where the image lies."
  type        = string
}

variable "containers" {
  description = "What runs in a task: container to command. One has the service's own name."
  type        = map(list(string))
}

variable "size" {
  description = "CPU units, MB, least and most tasks, and how many of the least are on demand."
  type        = object({ cpu = number, memory = number, least = number, most = number, on_demand = number })
}

variable "spot" {
  description = "Whether tasks beyond those on demand are Spot."
  type        = bool
}

variable "one_off" {
  description = "A task that is run by hand or by a deployment: no service is made."
  type        = bool
  default     = false
}

variable "environment" {
  description = "The settings of each container that are no secret."
  type        = map(map(string))
}

variable "secrets" {
  description = "For each container, settings to where ECS reads them, and the service that keeps them: ssm or secretsmanager."
  type        = map(map(object({ arn = string, store = string })))
}

variable "key_arn" {
  description = "The key of secrets and logs."
  type        = string
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}

variable "statements" {
  description = "What the task itself may do on AWS, as a JSON list of policy statements."
  type        = string
  default     = "[]"
}

variable "works_on_aws" {
  description = "Whether the task itself may do anything on AWS."
  type        = bool
}

variable "collector" {
  description = "The image of the OpenTelemetry collector and its configuration. Null: none."
  type        = object({ image = string, config = string })
  default     = null
}

variable "backlog" {
  description = "For workers: metrics to follow, each with the value at which one more task starts."
  type        = map(object({ namespace = string, metric = string, dimensions = map(string), target = number }))
  default     = {}
}

variable "rollback_alarms" {
  description = "Alarms that turn a deployment back."
  type        = list(string)
  default     = []
}
