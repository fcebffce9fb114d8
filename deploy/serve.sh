#!/bin/bash
# Serves the pages and runs the scheduler as one: when either ends, or on Ctrl+C, both end.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python

stop() {
    kill $(jobs -p) 2>/dev/null
    wait
}

"$python" -m gunicorn --config deploy/gunicorn.conf.py --bind "${HOST:-127.0.0.1}:${PORT:-8000}" 'tracker:serving()' &
"$python" -m flask --app tracker scheduler &
trap stop EXIT
trap 'exit 0' INT TERM HUP

wait -n
echo "The web server or the scheduler has ended; ending the other." >&2
exit 1
