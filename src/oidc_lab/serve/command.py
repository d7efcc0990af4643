"""The program oidc-lab: each command says what it needs and hands over."""

from pathlib import Path

import click


@click.group()
def main() -> None:
    """OpenID Connect to take apart."""


@main.command()
@click.option("--port", default=8888, show_default=True, help="Where JupyterLab listens.")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening it.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("my-lessons"),
    show_default=True,
    help="Where your copies of the lessons are kept.",
)
def lessons(port: int, no_browser: bool, folder: Path) -> None:
    """Open the lessons in JupyterLab."""
    # JupyterLab takes a second to import, and no other command needs it.
    from oidc_lab.serve.lessons import CannotOpen, start

    try:
        start(folder, port=port, browser=not no_browser)
    except CannotOpen as sentence:
        click.echo(str(sentence), err=True)
        raise SystemExit(1) from None
