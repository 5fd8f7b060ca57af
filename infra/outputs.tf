output "storefront_url" {
  description = "Where shoppers go."
  value       = local.urls.storefront
}

output "admin_url" {
  description = "Where staff go."
  value       = local.urls.admin
}

output "sandbox_url" {
  description = "The demo gateway and the mailbox (/mailbox), where demo_image is set."
  value       = try(local.urls.sandbox, null)
}

output "region" {
  description = "Where the shop runs."
  value       = var.region
}

output "cluster" {
  description = "The ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "services" {
  description = "The ECS services, in the order in which a deployment rolls them."
  value       = [for part in ["worker", "relay", "scheduler", "admin", "storefront"] : module.service[part].service if contains(local.running, part)]
}

output "task_families" {
  description = "The task definitions by part; migrate runs once in each deployment."
  value       = { for part, service in module.service : part => service.task_family }
}

output "task_network" {
  description = "Where a one-off task stands."
  value = {
    subnets          = local.task_subnets
    security_groups  = [module.service["migrate"].security_group_id]
    assign_public_ip = local.task_public_ip
  }
}

output "log_groups" {
  description = "Where each part logs."
  value       = { for part, service in module.service : part => service.log_group }
}

output "queues" {
  description = "Where outside consumers read the shop's events."
  value       = { for name, queue in module.queue : name => queue.url }
}

output "database_address" {
  description = "The database, as its clients inside the VPC see it."
  value       = aws_db_instance.this.address
}

output "paid_alarms" {
  description = "Figures that alarms look at, which is what CloudWatch counts: for infra/cost.py."
  value = sum(concat(
    [for alarm in values(merge(local.plain_alarms, local.edge_alarms)) : 1],
    [for alarm in values(merge(local.ratio_alarms, local.burn_alarms)) : length(local.failed_ratio) - 1],
    [for name in concat(keys(local.queues), ["mail-feedback"]) : 1],
    [for service in values(module.service) : service.scaling_alarms],
  ))
}

output "paid_metrics" {
  description = "Figures of our own in CloudWatch: for infra/cost.py."
  value       = length(local.watched_metrics) + length(local.kpi_metrics)
}
