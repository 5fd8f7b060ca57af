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
  value       = one([for target in aws_appautoscaling_target.this : { least = target.min_capacity, most = target.max_capacity }])
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

output "scaling_targets" {
  description = "What the scaling follows, and the value it keeps to."
  value = merge(
    { for policy in aws_appautoscaling_policy.use : one(policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification).predefined_metric_type => policy.target_tracking_scaling_policy_configuration[0].target_value },
    { for policy in aws_appautoscaling_policy.requests : one(policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification).predefined_metric_type => policy.target_tracking_scaling_policy_configuration[0].target_value },
    { for name, policy in aws_appautoscaling_policy.backlog : name => policy.target_tracking_scaling_policy_configuration[0].target_value },
  )
}

output "log" {
  description = "How long its log is kept, and the key it is encrypted with."
  value       = { days = aws_cloudwatch_log_group.this.retention_in_days, key = aws_cloudwatch_log_group.this.kms_key_id }
}

output "deployment" {
  description = "How a deployment goes and what turns it back; null for a one-off task."
  value = one([for service in aws_ecs_service.this : {
    least    = service.deployment_minimum_healthy_percent
    most     = service.deployment_maximum_percent
    breaks   = service.deployment_circuit_breaker[0].enable
    rollback = service.deployment_circuit_breaker[0].rollback
    alarms   = sort(flatten([for alarms in service.alarms : tolist(alarms.alarm_names) if alarms.rollback]))
  }])
}
