"""Errors for operators at the command line."""


class OperatorError(Exception):
    """A command failed; the text is one Russian line with the reason and what to do. Exit status 1."""
