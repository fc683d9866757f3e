"""What an operator is told on the command line."""


class OperatorError(Exception):
    """A command can't be done; the text is one Russian line that says why and what to do. Exit status 1."""
