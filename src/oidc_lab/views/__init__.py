"""What notebooks show: pure functions from a lab object to HTML, SVG or text. A view has no rules."""


def put_on() -> None:
    """Give the lab's objects their views."""
