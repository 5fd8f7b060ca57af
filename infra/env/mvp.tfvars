# The smallest shop that is still safe: two zones, a database with a standby, a cache, a firewall.
egress       = "public_ip"
nat_per_zone = false
spot         = true

background_together = true
services = {
  storefront = { cpu = 256, memory = 512, least = 2, most = 6, on_demand = 1 }
  admin      = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
  worker     = { cpu = 256, memory = 1024, least = 1, most = 3, on_demand = 1 }
  relay      = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
  scheduler  = { cpu = 256, memory = 512, least = 1, most = 1, on_demand = 0 }
}

database_class     = "db.t4g.micro"
database_storage   = { first = 20, most = 100 }
multi_az           = true
read_replica       = false
second_region_copy = true

cache_class = "cache.t4g.micro"
cache_nodes = 1

outside_check   = false
log_days        = 30
trace_percent   = 5
requests_per_ip = 2000
sms_budget      = 1
monthly_budget  = 120
