#!/bin/sh
# Installs Debian's Chromium and a Chinese font for the browser tests, where root and apt are to be had.
# Elsewhere those tests are skipped, and the end of the test run says so.
set -u
command -v chromium >/dev/null && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0

echo "Installing Chromium for the browser tests …"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null ||
    echo "Chromium could not be installed: the browser tests will be skipped."
