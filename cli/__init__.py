"""The operator's commands behind `./shop`."""
