"""The ways out: templates that write a message, and SMTP that sends it."""
