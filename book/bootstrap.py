"""Set up ``.venv`` with the exact packages of requirements.txt; do nothing when it is already so.

Standard library only, and the syntax of Python 3.6, so that a Python that is too old gets a message, not a SyntaxError.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
DISK_NEEDED = 2.5e9  # bytes: the environment takes 1.2e9, pip's temporary files as much again
STAMP = "complete"  # written into .venv last
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


class SetupError(Exception):
    """What is wrong, and the remedy."""


def fingerprint(root):
    """Hash of all that decides what .venv should hold."""
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(root, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def interpreter(venv):
    """Path of the Python in a virtual environment."""
    return os.path.join(venv, "bin", "python")


def stamped(venv):
    """Fingerprint that a finished set-up left in the environment; None if unfinished, broken or moved."""
    try:
        with open(os.path.join(venv, STAMP)) as file:
            place, stamp = file.read().splitlines()
    except (OSError, ValueError):
        return None
    return stamp if place == os.path.abspath(venv) and os.path.exists(interpreter(venv)) else None


def supported(version):
    """Whether this (major, minor) runs the book."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def named(version):
    """Write (3, 11) as 3.11."""
    return "%d.%d" % tuple(version[:2])


def answers(python, program):
    """Output of a one-line program, or None where that Python does not run or the program fails."""
    try:
        output = subprocess.check_output([python, "-c", program], stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return output.decode().strip()


def candidates():
    """Commands of the supported Pythons on PATH that run, newest first."""
    found = []
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which("python3.%d" % minor)
        if path and answers(path, "print(1)"):
            found.append(path)
    return found


def choose_python():
    """Find the Python to build .venv with: this one, else a supported one on PATH.

    Raises
    ------
    SetupError
        If none is supported, or the one found has no venv or ensurepip.
    """
    here = supported(sys.version_info)
    if here and answers(sys.executable, PROBE):
        return sys.executable
    others = candidates()
    for python in others:
        if answers(python, PROBE):
            fault = "has no venv or ensurepip module" if here else "is " + named(sys.version_info)
            print("python3 %s; using %s instead." % (fault, python))
            return python
    if not (here or others):
        raise SetupError(
            "This is Python %s; the book needs %s to %s and none is on PATH.\n"
            "Install one, for example: apt-get install python3.11 python3.11-venv"
            % (named(sys.version_info), named(OLDEST), named(NEWEST))
        )
    python = sys.executable if here else others[0]
    version = answers(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    raise SetupError(
        "%s has no venv or ensurepip module, which Debian and Ubuntu ship apart.\n"
        "Install it: apt-get install python3-venv python%s-venv" % (python, version)
    )


def check_disk(root):
    """Refuse to start what cannot end.

    Raises
    ------
    SetupError
        If less than DISK_NEEDED is free.
    """
    free = shutil.disk_usage(root).free
    if free < DISK_NEEDED:
        raise SetupError(
            "%.1f GB free in %s; setting up needs %.1f GB.\nFree some space, then run the same command again."
            % (free / 1e9, os.path.abspath(root), DISK_NEEDED / 1e9)
        )


def run(command, root, remedy):
    """Run quietly; on failure show what the command wrote and the remedy.

    Raises
    ------
    SetupError
        If the command fails.
    """
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONNOUSERSITE="1")
    environment.pop("PYTHONPATH", None)
    done = subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        output = done.communicate()[0]
    except BaseException:
        done.kill()
        done.wait()
        raise
    if done.returncode:
        lines = output.decode(errors="replace").strip().splitlines()[-20:]
        raise SetupError("\n".join([*lines, remedy]))


def install(root, venv, fresh):
    """Create .venv if wanted, and install the pins into it."""
    if fresh:
        shutil.rmtree(venv, ignore_errors=True)
        python = choose_python()
        print("Setting up .venv: about two minutes, once.", flush=True)
        run([python, "-m", "venv", venv], root, "python3 -m venv failed. Install it: apt-get install python3-venv")
    else:
        print("requirements.txt or pyproject.toml changed: bringing .venv up to date.", flush=True)
    remedy = "pip could not install requirements.txt. Check the network and the disk, then run the same command again."
    pip = [interpreter(venv), "-m", "pip", "install", "--quiet", "--no-input", "-r", "requirements.txt"]
    run(pip, root, remedy)


def set_up(root):
    """Make .venv hold what requirements.txt says; half-made environments are removed."""
    venv = os.path.join(root, ".venv")
    wanted = fingerprint(root)
    stamp = stamped(venv)
    if stamp == wanted:
        return
    check_disk(root)
    try:
        if stamp:
            os.remove(os.path.join(venv, STAMP))
        install(root, venv, fresh=stamp is None)
        with open(os.path.join(venv, STAMP), "w") as file:
            file.write(os.path.abspath(venv) + "\n" + wanted + "\n")
    except BaseException:
        shutil.rmtree(venv, ignore_errors=True)
        raise


def main():
    """Set up the folder above this file's.

    Returns
    -------
    int
        Exit status.
    """
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        set_up(root)
    except SetupError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted; run the same command again.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
