#!/bin/sh
# Installs what the browser tests need from Debian, where root and apt are to be had.
# Elsewhere those tests are skipped, and the end of the test run says so.
set -eu
packages="chromium fonts-noto-cjk libatomic1" # the last for playwright's driver

command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || exit 0
dpkg --status $packages >/dev/null 2>&1 && exit 0

echo "Installing a browser for the tests …"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends $packages >/dev/null
