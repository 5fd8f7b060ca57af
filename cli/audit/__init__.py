"""`./shop audit`: check the books on the live database and name each violation."""

from cli.audit.command import add_arguments, audit, report, run

__all__ = ["add_arguments", "audit", "report", "run"]
