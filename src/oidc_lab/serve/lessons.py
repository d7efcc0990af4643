"""Puts the lessons into a folder of the learner's own and opens it in JupyterLab.

The stored lessons are never written to. A learner's copy is never replaced.
"""

import os
import shutil
import socket
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
FIRST = "00_start_here.ipynb"
# JupyterLab would otherwise ask the learner about news, over the network, in a corner of the first lesson.
QUIET = '{"fetchNews": "false", "checkForUpdates": false}\n'


class CannotOpen(Exception):
    """Why the lessons do not open, in one plain sentence."""


def stored_lessons() -> Path:
    """Where the lessons are: inside an installed package, or at the top of a checkout."""
    packed = PACKAGE / "_notebooks"
    return packed if packed.is_dir() else PACKAGE.parents[1] / "notebooks"


def start(work: Path, *, port: int, browser: bool = True, stored: Path | None = None) -> None:
    """Opens the learner's folder in JupyterLab and stays until it is stopped."""
    work = work.absolute()
    check_port(port)
    try:
        settle(work)
        prepare(stored or stored_lessons(), work)
    except OSError as error:
        raise CannotOpen(f"{work} cannot be written to: {error.strerror}") from None
    open_lab(arguments(work, port=port, browser=browser))


def prepare(stored: Path, work: Path) -> list[Path]:
    """Copies the lessons that the learner does not have yet; answers with the copies it made."""
    work.mkdir(parents=True, exist_ok=True)
    lessons = sorted(stored.glob("*.ipynb"))
    missing = [lesson for lesson in lessons if not (work / lesson.name).exists()]
    # copyfile leaves permissions behind: an installed lesson may be read-only, a copy is there to be changed
    copies = [Path(shutil.copyfile(lesson, work / lesson.name)) for lesson in missing]
    trust([work / each.name for each in lessons if same(each, work / each.name)], work)
    return copies


def same(lesson: Path, copy: Path) -> bool:
    return lesson.read_bytes() == copy.read_bytes()


def trust(lessons: list[Path], work: Path) -> None:
    """Signs unchanged copies, since JupyterLab strips pictures and styles from what nobody signed."""
    if not lessons:
        return
    import nbformat
    from nbformat.sign import NotebookNotary

    data = jupyter_folders(work)["JUPYTER_DATA_DIR"]
    data.mkdir(parents=True, exist_ok=True)
    notary = NotebookNotary(data_dir=str(data))
    for lesson in lessons:
        notary.sign(nbformat.read(lesson, as_version=4))
    notary.store.close()


def jupyter_folders(work: Path) -> dict[str, Path]:
    """Where Jupyter keeps what it knows: beside the lessons, apart from any other Jupyter."""
    home = work / ".jupyter"
    return {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }


def settle(work: Path) -> None:
    """Points Jupyter at the learner's folder, and silences it unless the learner has chosen otherwise."""
    folders = jupyter_folders(work)
    os.environ.update({name: str(folder) for name, folder in folders.items()})
    extension = folders["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab" / "apputils-extension"
    extension.mkdir(parents=True, exist_ok=True)
    settings = extension / "notification.jupyterlab-settings"
    if not settings.exists():
        settings.write_text(QUIET, encoding="utf-8")


def check_port(port: int) -> None:
    """Asks for the port before JupyterLab does, which would answer with a page of log."""
    with socket.socket() as trial:
        if os.name != "nt":  # there it would share the port instead of skipping the wait after a restart
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OverflowError:
            raise CannotOpen(f"{port} is not a port: choose one from 1024 to 65535") from None
        except PermissionError:
            raise CannotOpen(f"the port {port} is reserved: {advice(8888)}") from None
        except OSError:
            raise CannotOpen(f"the port {port} is in use: {advice(port % 65535 + 1)}") from None


def advice(port: int) -> str:
    return f"try  make lab PORT={port}  or add --port {port}"


def arguments(work: Path, *, port: int, browser: bool) -> list[str]:
    """How JupyterLab is started; the token stays on, because any page in a browser can reach this machine."""
    given = [
        f"--ServerApp.root_dir={work}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",  # another port than the one asked for would surprise
        "--Application.log_level=ERROR",  # the address is printed all the same
        "--KernelManager.transport_encryption=auto",  # without it each kernel warns that it has none
        "--LabApp.extension_manager=readonly",  # the other one looks for extensions over the network
        "--ServerApp.allow_root=True",  # in a container the learner is root
        "--ServerApp.open_browser=" + str(browser),
    ]
    if (work / FIRST).exists():
        given.append(f"--LabApp.default_url=/lab/tree/{FIRST}")
    return given


def open_lab(given: list[str]) -> None:
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise CannotOpen("JupyterLab is not installed: pip install 'oidc-lab[lab]' adds it") from None
    LabApp.launch_instance(given)
