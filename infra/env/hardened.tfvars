# Nothing alone: everything twice, in two zones, on demand, and logs for a year.
egress       = "nat_gateway"
nat_per_zone = true
spot         = false

background_together = false
services = {
  storefront = { cpu = 512, memory = 1024, least = 2, most = 40, on_demand = 2 }
  admin      = { cpu = 256, memory = 512, least = 2, most = 4, on_demand = 2 }
  worker     = { cpu = 256, memory = 1024, least = 2, most = 20, on_demand = 2 }
  relay      = { cpu = 256, memory = 512, least = 2, most = 2, on_demand = 2 }
  scheduler  = { cpu = 256, memory = 512, least = 2, most = 2, on_demand = 2 }
}

database_class     = "db.t4g.small"
database_storage   = { first = 50, most = 1000 }
multi_az           = true
read_replica       = false
second_region_copy = true

cache_class = "cache.t4g.micro"
cache_nodes = 2

outside_check   = true
log_days        = 365
trace_percent   = 5
requests_per_ip = 2000
sms_budget      = 50
monthly_budget  = 600
