# The cluster: Fargate, so that there are no machines to look after.

resource "aws_ecs_cluster" "this" {
  # checkov:skip=CKV_AWS_65: Its figures cost more than the tasks they watch; running tasks are counted by CPU samples, see alarms.tf.
  name = local.prefix

  setting {
    name  = "containerInsights"
    value = "disabled"
  }

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.this.arn
    }
  }

  tags = { Name = local.prefix }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}
