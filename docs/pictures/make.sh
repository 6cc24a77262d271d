#!/bin/sh
# docs/pictures/make.sh: makes the pictures of the documents anew, from a fresh device. Run it from anywhere after ./basalt has
# built; needs Xvfb.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$here/../../basalt" device init --state "$place/device"
SDL_AUDIODRIVER=dummy xvfb-run -a -s '-screen 0 1400x900x24' \
    "$here/../../basalt" run --state "$place/device" --hours 8 --screenshot "$here/console.png"
