"""What a command says when it cannot do its work."""


class CliError(Exception):
    """A failure in one line: why it failed, and what to do about it."""

    def __init__(self, why: str, todo: str) -> None:
        super().__init__(f"{why.rstrip('.')}. {todo.rstrip('.')}.")
