"""Starts OIDC Lab with any Python at hand: makes .venv from the lock, then runs the task asked for.

A Python that is too old reads this file before it can say so. That is why it is written in old words;
everything else is in environment.py (what is installed) and commands.py (what can be asked for).
"""

import sys

OLDEST = (3, 11)


def too_old(version):
    """The sentence for a Python that is too old, or None."""
    if tuple(version[:2]) >= OLDEST:
        return None
    found = ".".join(str(part) for part in version[:3])
    return (
        "OIDC Lab needs Python 3.11 or newer, and this is Python " + found + ": "
        "install a newer one and name it, as in  make lab PYTHON=python3.13"
    )


def main():
    sentence = too_old(sys.version_info)
    if sentence:
        sys.stderr.write(sentence + "\n")
        return 1
    from commands import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
