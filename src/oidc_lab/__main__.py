"""Lets python -m oidc_lab do what the program oidc-lab does."""

from oidc_lab.serve.command import main

if __name__ == "__main__":
    main(prog_name="oidc-lab")
