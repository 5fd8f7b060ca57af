"""The queues that background work waits in, as the workers fill them and the admin shows them."""

QUEUES = ("orders", "payments", "notifications")
"""In the order in which a worker looks for work."""

SCHEDULE_KEY = "cornershop:schedule"
"""The Redis hash in which the scheduler notes how each recurring task last went."""
