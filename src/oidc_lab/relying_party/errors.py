"""How a flow ends early: who refused, with which code, and why — RFC6749-5.2."""

from enum import StrEnum


class Party(StrEnum):
    """Who takes part in a flow: the roles of RFC6749-1.1. The API here is userinfo, the provider's own."""

    BROWSER = "browser"
    RELYING_PARTY = "relying party"
    PROVIDER = "provider"
    API = "API"


class FlowRefused(Exception):
    """Somebody refused; `error` is the specification's code where it has one."""

    def __init__(self, who: Party, error: str, description: str = "") -> None:
        super().__init__(f"the {who} refused: {error}" + (f" ({description})" if description else ""))
        self.who, self.error, self.description = who, error, description
