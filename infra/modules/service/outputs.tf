output "security_group_id" {
  description = "The group of the tasks."
  value       = aws_security_group.this.id
}

output "task_family" {
  description = "The family whose newest task definition runs."
  value       = aws_ecs_task_definition.this.family
}

output "service" {
  description = "The ECS service; null for a one-off task."
  value       = one(aws_ecs_service.this[*].name)
}

output "log_group" {
  description = "Where it logs."
  value       = aws_cloudwatch_log_group.this.name
}

output "scaling" {
  description = "Least and most tasks; null where the number is fixed."
  value       = local.scales ? { least = var.size.least, most = var.size.most } : null
}

output "scaling_alarms" {
  description = "How many alarms the scaling makes for itself, two for each policy: they are paid for."
  value       = 2 * (length(aws_appautoscaling_policy.use) + length(aws_appautoscaling_policy.requests) + length(aws_appautoscaling_policy.backlog))
}

output "task_policy" {
  description = "What the task may do, as JSON; empty for nothing."
  value       = join("", aws_iam_role_policy.task[*].policy)
}

output "execution_policy" {
  description = "What ECS may do to start it, as JSON."
  value       = aws_iam_role_policy.execution.policy
}

output "container_definitions" {
  description = "The containers, as JSON."
  value       = aws_ecs_task_definition.this.container_definitions
}

output "ingress_groups" {
  description = "The groups that may open a connection to it."
  value       = aws_vpc_security_group_ingress_rule.site[*].referenced_security_group_id
}
