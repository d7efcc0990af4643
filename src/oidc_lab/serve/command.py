"""The program oidc-lab: each command says what it needs and hands over."""

import signal
from pathlib import Path
from typing import Any, NoReturn

import click

from oidc_lab.domain.profile import Profile

FOLDER = click.Path(path_type=Path, file_okay=False)


def named_uris(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Part CLIENT_ID=URI."""
    parted = [(client_id, uri) for client_id, _, uri in (value.partition("=") for value in values)]
    if not all(client_id and uri for client_id, uri in parted):
        raise click.BadParameter("write the application first: web-shop=http://localhost:3000/callback")
    return parted


MORE_URIS: dict[str, Any] = {"multiple": True, "callback": named_uris, "metavar": "CLIENT_ID=URI"}

PROFILES = [each.value for each in Profile]
TOKEN = "OIDC_LAB_MANAGEMENT_TOKEN"


@click.group()
def main() -> None:
    """OpenID Connect to take apart."""


@main.command()
@click.option("--port", default=8888, show_default=True, help="Where JupyterLab listens.")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening it.")
@click.option(
    "--folder",
    type=FOLDER,
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
        give_up(sentence)


@main.command()
@click.option("--port", default=9000, show_default=True, help="Where the provider listens; 0 is any free port.")
@click.option("--data", type=FOLDER, help="A folder with applications.toml and users.toml (see: oidc-lab data).")
@click.option("--redirect-uri", **MORE_URIS, help="One more redirect URI for an application.")
@click.option("--post-logout-redirect-uri", **MORE_URIS, help="The same for after a sign-out.")
@click.option("--store", default="sqlite://", help="An SQLAlchemy URL, such as sqlite:///lab.db. Default: in memory.")
@click.option("--issuer", help="The address that browsers see, when a proxy stands in front.")
@click.option("--proxies", type=click.IntRange(min=0), default=0, help="How many proxies do; their headers count then.")
@click.option("--seed", type=int, help="Draw codes and tokens from a seed and sign with the test keys: repeatable.")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Whose rules hold."
)
@click.option(
    "--management-token", envvar=TOKEN, show_envvar=True, help="What opens the management API. Default: drawn."
)
def serve(
    *,
    port: int,
    data: Path | None,
    redirect_uri: list[tuple[str, str]],
    post_logout_redirect_uri: list[tuple[str, str]],
    store: str,
    issuer: str | None,
    proxies: int,
    seed: int | None,
    profile: str,
    management_token: str | None,
) -> None:
    """Serve the provider with its demo data on this machine."""
    from dataclasses import replace

    from oidc_lab.serve import provider
    from oidc_lab.serve.welcome import welcome

    try:
        how = {"store": store, "seed": seed, "issuer": issuer, "proxies": proxies, "profile": profile}
        offer = provider.read_offer(data, management_token=management_token, **how)
        known = provider.with_uris(offer.applications, redirect_uri, post_logout_redirect_uri)
        offer = replace(offer, applications=known)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a supervisor's stop is as clean as Ctrl-C
        with provider.serve(offer, port) as server:
            click.echo(welcome(offer, issuer or server.url, server.port))
            server.wait()
    except provider.CannotServe as sentence:
        give_up(sentence)
    except KeyboardInterrupt:
        click.echo("\nStopped.")


@main.command()
@click.argument("folder", type=FOLDER)
def data(folder: Path) -> None:
    """Copy the demo applications and users to FOLDER, to edit them."""
    from oidc_lab.serve.provider import CannotServe, copy_data

    try:
        copies = copy_data(folder)
    except CannotServe as sentence:
        give_up(sentence)
    click.echo(f"Edit {' and '.join(str(copy) for copy in copies)}, then:  oidc-lab serve --data {folder}")


def give_up(sentence: Exception) -> NoReturn:
    """Say why, in one sentence, and end with a status that scripts see."""
    click.echo(str(sentence), err=True)
    raise SystemExit(1) from None
