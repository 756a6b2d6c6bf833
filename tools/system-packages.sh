#!/bin/sh
# Install what the tests need beside Python, where it is missing. Says nothing when all is there.
set -eu

missing=
need() { # need COMMAND DEBIAN-PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need softhsm2-util softhsm2
need pkcs11-tool opensc
need pdfsig poppler-utils
need qpdf qpdf
need openssl openssl
need chromium chromium
need javac default-jdk-headless
need mvn maven
# what makes files for tests/judged/producers; go.mod there says which Go it takes at least
need node nodejs
need npm npm
need go golang-go
need soffice libreoffice-writer-nogui
# the fonts' source: what is packaged must be made from it
[ -f /usr/share/fonts/truetype/croscore/Tinos-Regular.ttf ] || missing="$missing fonts-croscore"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "missing tools, please run: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of words
apt-get install -q -y --no-install-recommends $missing
