"""What a notebook is given of a thing that can be driven: its static form, and the widget where a kernel runs."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from sys import modules
from typing import Any


def bundle(model: Any, static: dict[str, str], shell: str) -> dict[str, Any]:
    """The static form, with the widget that `make` in the module `shell` makes of the thing, where it can live.

    Without ipywidgets, or outside of a kernel, the static form is all there is.
    """
    if "IPython" not in modules or find_spec("ipywidgets") is None:
        return dict(static)
    frame = import_module("oidc_lab.views.widgets.frame")
    if not frame.live():
        return dict(static)
    make: Callable[[Any], Any] = import_module(f"oidc_lab.views.widgets.{shell}").make
    return {**frame.widget_of(model, make)._repr_mimebundle_(), **static}
