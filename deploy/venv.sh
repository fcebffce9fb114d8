#!/bin/sh
# Makes .venv with Python 3.11 or newer, or names the Debian package that is missing.
set -eu
cd "$(dirname "$0")/.."

python=
for name in python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done

if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed and was not found. On Debian 12, as root: apt-get install python3.11-venv" >&2
    exit 1
fi
# Without ensurepip, `python -m venv` leaves half an environment behind: ask before it starts.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot make virtual environments. On Debian, as root: apt-get install $(basename "$python")-venv" >&2
    exit 1
fi
exec "$python" -m venv .venv
