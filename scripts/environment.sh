#!/bin/sh
# Makes .venv exactly as uv.lock says. Touches nothing outside this folder but uv's and pip's download caches.
#
#   scripts/environment.sh                  make or update .venv
#   scripts/environment.sh --find-python    print the Python 3.10 that would be used
#
# uv lives in an environment of its own, .tools: under pyenv, .python-version hides a uv that was installed for another
# Python, and a uv of another version could read the lock differently.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

die() {
    echo "error: $*" >&2
    exit 1
}

is_python_310() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

find_python() {
    for candidate in \
        "${PYTHON:-}" python3.10 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python3.10 \
        "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.10.*/bin/python3.10 \
        python3 python
    do
        if [ -n "$candidate" ] && is_python_310 "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

python=$(find_python) || die "Python 3.10 (with venv) was not found, and Rasa 3.6 runs on no newer one." \
    "Install it with 'pyenv install 3.10' or 'uv python install 3.10', or name it: make PYTHON=/path/to/python3.10"
if [ "${1:-}" = --find-python ]; then
    echo "$python"
    exit
fi
[ -w . ] || die "no permission to write in $(pwd)"

if [ "$(.tools/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    echo "environment: uv $UV_VERSION into .tools"
    rm -rf .tools
    "$python" -m venv .tools || die "could not make .tools with $python"
    .tools/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: "uv==$UV_VERSION" ||
        die "could not install uv $UV_VERSION into .tools; is the network there?"
fi

echo "environment: the packages of uv.lock into .venv, with $python (about 2.9 GB; minutes the first time)"
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT UV_PYTHON
# A company's or a CI machine's network can have a root certificate that the system knows and uv's own list does not.
if [ -s /etc/ssl/certs/ca-certificates.crt ] || [ "$(uname)" = Darwin ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
fi
UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync --frozen --compile-bytecode --python "$python" ||
    die "uv could not make .venv from uv.lock; its own message stands above"
