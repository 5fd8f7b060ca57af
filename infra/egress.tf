# The way out of the private subnets, by var.egress.

locals {
  nat_zones     = var.nat_per_zone ? local.by_zone : { for key, zone in local.by_zone : key => zone if key == "0" }
  nat_gateways  = var.egress == "nat_gateway" ? local.nat_zones : {}
  nat_instances = var.egress == "nat_instance" ? local.nat_zones : {}

  # Where tasks stand: with an address of their own they need a subnet with a way out.
  task_subnets   = [for subnet in(var.egress == "public_ip" ? aws_subnet.public : aws_subnet.private) : subnet.id]
  task_public_ip = var.egress == "public_ip"
}

resource "aws_eip" "nat" {
  for_each = merge(local.nat_gateways, local.nat_instances)
  domain   = "vpc"
  tags     = { Name = "${local.prefix}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each      = local.nat_gateways
  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].id
  tags          = { Name = "${local.prefix}-${each.key}" }
  depends_on    = [aws_route.public]
}

resource "aws_route" "nat_gateway" {
  for_each               = var.egress == "nat_gateway" ? local.by_zone : {}
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_per_zone ? each.key : "0"].id
}

data "aws_ssm_parameter" "nat_ami" {
  count = var.egress == "nat_instance" ? 1 : 0
  name  = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_security_group" "nat" {
  count       = var.egress == "nat_instance" ? 1 : 0
  name        = "${local.prefix}-nat"
  description = "The NAT instance: from the private subnets out, nothing in"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.prefix}-nat" }
}

resource "aws_vpc_security_group_ingress_rule" "nat" {
  for_each          = { for pair in setproduct([for key in keys(local.by_zone) : key if var.egress == "nat_instance"], ["443", "587"]) : join("-", pair) => pair }
  security_group_id = aws_security_group.nat[0].id
  description       = "Tasks on their way out"
  cidr_ipv4         = aws_subnet.private[each.value[0]].cidr_block
  ip_protocol       = "tcp"
  from_port         = tonumber(each.value[1])
  to_port           = tonumber(each.value[1])
}

resource "aws_vpc_security_group_egress_rule" "nat" {
  for_each          = var.egress == "nat_instance" ? toset(["80", "443", "587"]) : toset([])
  security_group_id = aws_security_group.nat[0].id
  description       = "Web, packages of the system, and mail"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

resource "aws_instance" "nat" {
  # checkov:skip=CKV2_AWS_41: It needs no permission in the account, so it gets no role.
  # checkov:skip=CKV_AWS_126: The basic metrics are enough for a machine that only forwards.
  # checkov:skip=CKV_AWS_135: t4g instances are always EBS optimised.
  for_each               = local.nat_instances
  ami                    = data.aws_ssm_parameter.nat_ami[0].value
  instance_type          = "t4g.nano"
  subnet_id              = aws_subnet.public[each.key].id
  vpc_security_group_ids = [aws_security_group.nat[0].id]
  source_dest_check      = false
  ebs_optimized          = true

  user_data = <<-SCRIPT
    #!/bin/sh
    set -eu
    until dnf install -y nftables; do sleep 5; done # its address may come a moment after it does
    echo net.ipv4.ip_forward=1 > /etc/sysctl.d/nat.conf
    sysctl -p /etc/sysctl.d/nat.conf
    cat > /etc/sysconfig/nftables.conf <<'RULES'
    table ip nat {
      chain postrouting { type nat hook postrouting priority srcnat; ip saddr ${aws_vpc.this.cidr_block} masquerade }
    }
    RULES
    systemctl enable --now nftables
  SCRIPT

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  maintenance_options {
    auto_recovery = "default"
  }

  root_block_device {
    encrypted   = true
    kms_key_id  = aws_kms_key.this.arn
    volume_size = 8
    volume_type = "gp3"
  }

  tags = { Name = "${local.prefix}-nat-${each.key}" }

  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_eip_association" "nat_instance" {
  for_each      = local.nat_instances
  allocation_id = aws_eip.nat[each.key].id
  instance_id   = aws_instance.nat[each.key].id
}

resource "aws_route" "nat_instance" {
  for_each               = var.egress == "nat_instance" ? local.by_zone : {}
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_instance.nat[var.nat_per_zone ? each.key : "0"].primary_network_interface_id
}
