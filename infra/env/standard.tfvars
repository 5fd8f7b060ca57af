# A shop that people live on: private subnets, relay and scheduler of their own, an eye from outside.
egress       = "nat_gateway"
nat_per_zone = false
spot         = true

background_together = false
services = {
  storefront = { cpu = 512, memory = 1024, least = 2, most = 8, on_demand = 1 }
  admin      = { cpu = 256, memory = 512, least = 1, most = 2, on_demand = 1 }
  worker     = { cpu = 256, memory = 1024, least = 1, most = 6, on_demand = 1 }
  relay      = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 1 }
  scheduler  = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
}

database_class     = "db.t4g.small"
database_storage   = { first = 50, most = 500 }
multi_az           = true
read_replica       = false
second_region_copy = true

cache_class = "cache.t4g.micro"
cache_nodes = 1

outside_check   = true
log_days        = 90
trace_percent   = 5
requests_per_ip = 2000
sms_budget      = 50
monthly_budget  = 350
