#!/bin/sh
# docs/pictures/make.sh: makes the pictures of the documents anew: fresh devices, the real window, a person's keys. Run it from
# anywhere after ./basalt has built. Needs xvfb, xdotool and imagemagick.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
basalt=${BASALT:-$here/../../basalt}
place=$(mktemp -d)
program= server=
finish() {
    if [ -n "$program" ]; then kill -INT "$program" 2>/dev/null || true; wait "$program" 2>/dev/null || true; fi
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$place"
}
trap finish EXIT

mkfifo "$place/number"
Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp 3>"$place/number" >/dev/null 2>&1 &
server=$!
read -r number <"$place/number"
export DISPLAY=":$number" SDL_AUDIODRIVER=dummy LC_ALL=C.UTF-8

window() { xdotool search --onlyvisible --name Basalt "$@" 2>/dev/null; }
shows() {
    tries=0
    until window getwindowname | grep -q "$1"; do
        tries=$((tries + 1))
        if [ $tries -gt 600 ]; then
            echo "The window never said \"$1\". It says: $(window getwindowname)" >&2
            exit 1
        fi
        sleep 0.1
    done
}
clicks() { window windowfocus --sync mousemove --window %1 "$1" "$2" sleep 0.3 click 1 mousemove --window %1 20 840; }
keys() { window windowfocus --sync key --delay 30 "$@"; }
types() { window windowfocus --sync && xdotool type --delay 0 -- "$1"; }
code_of() { awk -v who="$1" '$1 == who { print $2 }' "$place/device/host/people/first-codes.txt"; }
# A new device, and its console: begin TITLE [ARGUMENT ...]. What was prepared stands in $place/device already.
new_device() { rm -rf "$place/device" && "$basalt" device init --state "$place/device" >/dev/null; }
begin() {
    title=$1 && shift
    "$basalt" run --state "$place/device" "$@" >/dev/null &
    program=$!
    shows "$title"
}
end() {
    kill -INT "$program" && wait "$program"
    program=
}
# Few colours are on the screen: a palette of 64 loses nothing that an eye sees, and three quarters of the bytes.
picture() {
    sleep 0.7 # until what the last key set off is drawn
    import -window "$(window)" "$place/$1.png"
    convert "$place/$1.png" -strip +dither -colors 64 "PNG8:$here/$1.png"
    echo "$1.png: $(wc -c <"$here/$1.png") bytes"
}
damage() { printf xy | dd of="$place/device/flash/$1/firmware.img" bs=1 seek=4000 conv=notrunc 2>/dev/null; }
log_in() {
    keys F7
    keys F7
    shows "Connected to the pump"
    types "$1" && keys Tab && types "$(code_of "$1")" && keys Tab && types "a blue horse at noon" && keys Return
    shows "The password is set"
    types "$1" && keys Tab && types "a blue horse at noon" && keys Return
    shows "You are logged in as"
}

new_device
begin "Normal delivery" --speed 3600
picture start
keys Return
sleep 3 # an hour of the patient's life each
clicks 740 722 # eat 60 g
sleep 5
clicks 725 775 # a minute each second
picture console
log_in nurse
picture nurse
keys F8
types 40 && keys Return
shows "Suggested"
picture suggestion
types 3 && keys Return
shows "Give 3 units?"
picture read-back
keys F2
picture french
keys F2 F4
picture contrast
keys F4 Escape
keys F10
types "$(code_of emergency)" && keys Return
shows "Press the pump's button now"
keys F12
shows "EMERGENCY ACCESS OPEN"
picture break-glass
keys Escape F6
shows "the same attack on two pumps"
picture twin
keys Escape F1
shows "INSULIN STOPPED"
picture stopped
end

# Two people. The badges turn round in the order of their names, with "none" before the first.
turn() { for _ in $(seq "$1"); do keys Next; done; }
place_of() { ls "$place/device/host/badges" | sed -n 's/\.pem$//p' | LC_ALL=C sort | grep -n -x "$1" | cut -d: -f1; }
new_device
physician=$(place_of physician) nurse=$(place_of nurse) none=$(ls "$place/device/host/badges" | grep -c '\.pem$')
begin "Normal delivery" --speed 3600
keys Return
sleep 4
clicks 725 775
log_in physician
turn "$physician"
keys Insert Insert
turn "$physician"
picture place
keys Return
shows "ward"
keys F8 F8 Tab
types 8.5 && keys Return
shows "Give 8.5 units?"
keys Return
shows "Press the pump's button now"
keys F12
shows "Waits for the second person"
keys Insert
turn $(((nurse - physician + none + 1) % (none + 1)))
keys Return
shows "Asked by physician"
picture second-person
keys F2 F4
picture second-person-french
end

new_device
damage slot-a
begin "Normal delivery" --speed 3600
keys Return
sleep 6
clicks 725 775
picture alarm
end

new_device
damage slot-a
damage slot-b
begin FAILSAFE --speed 3600
keys Return
clicks 1013 775 # ten minutes each second: the alarm had slowed it
sleep 12
clicks 725 775
picture failsafe
keys F11 Prior Prior Next Next Next Next Next Next
picture release
end
