#!/bin/bash
# Fetches the fonts for PDF into build/fonts; needs apt and a network, but neither root nor current package lists.
#
# Fandol has the four typefaces of official papers, LXGW WenKai the rare characters of names that Fandol lacks.
# Each comes out of its Debian package. No hash is pinned here, since versions differ between Debian's releases:
# apt itself refuses a package that does not match the distribution's signed index.
#
# Without fonts the product runs, so the set-up goes on; the next `make setup` tries again.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/build/fonts
work=$target.part
log=$target.log

finish() {
    rm -rf "$work"
    if [ -d "$target" ]; then
        rm -f "$log"
    else
        echo "No fonts for PDF: they could not be fetched (build/fonts.log). Run 'make setup' with apt and a network," \
             "or copy build/fonts from another machine, or name a folder of fonts in TRACKER_FONTS."
    fi
    exit 0
}

# PACKAGE FOLDER PATTERN…: puts the matching files of the package side by side into FOLDER, their licence among them.
unpack() {
    mkdir -p "$work/fonts/$2"
    dpkg-deb --fsys-tarfile "$work/$1"_*.deb |
        tar --extract --directory "$work/fonts/$2" --no-same-owner --wildcards --transform 's|.*/||' "${@:3}"
}

rm -rf "$work"
mkdir -p "$work"/{lists,archives}/partial
trap finish EXIT
exec 2>"$log"

echo "Fetching the fonts for PDF (about 100 MB, once) …"
cd "$work"
own=(-qq -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User=root
     -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
apt-get "${own[@]}" update
apt-get "${own[@]}" download texlive-lang-chinese fonts-lxgw-wenkai
unpack texlive-lang-chinese fandol '*/Fandol[FHKS]*.otf' '*/doc/*/fandol/?*'
unpack fonts-lxgw-wenkai lxgw-wenkai '*/LXGWWenKai-Regular.ttf' '*/doc/*/copyright'
mv "$work/fonts" "$target"
