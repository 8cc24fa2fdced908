"""Two tools from the npm registry: pinned, checked against their checksum, and never installed."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from scripts.settings import ROOT

CACHE = ROOT / "var" / "cache" / "npm"


@dataclass(frozen=True)
class Package:
    """A release, and the sha512 of its archive as the registry states it (in base64)."""

    name: str
    version: str
    sha512: str


AXE = Package(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
TYPESCRIPT = Package(
    "typescript",
    "5.9.3",
    "jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==",
)


def unpacked(package: Package) -> Path:
    """Returns the folder with a package's files; it is downloaded once, to `var/cache`.

    Raises:
        RuntimeError: npm is missing or failed, or the archive is not the expected one.
    """
    folder = CACHE / f"{package.name}-{package.version}"
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"{folder.name}.tgz"
    if not archive.is_file():
        _download(package)
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != package.sha512:
        archive.unlink()
        raise RuntimeError(f"{archive.name} from npm has another checksum than expected")
    partial = CACHE / f"{folder.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as opened:
        opened.extractall(partial)
    (partial / "package").rename(folder)
    partial.rmdir()
    return folder


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command of Node.js.

    Raises:
        RuntimeError: The program is not there.
    """
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    except FileNotFoundError as error:
        raise RuntimeError(f"`{command[0]}` is missing: install Node.js with npm") from error


def _download(package: Package) -> None:
    done = run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], CACHE)
    if done.returncode:
        raise RuntimeError(f"`npm pack` of {package.name} failed:\n{done.stderr}")
