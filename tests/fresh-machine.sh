#!/bin/sh
# tests/fresh-machine.sh SUITE [--root | --user] [-- COMMAND...]
# Runs the README's two commands in a bare Debian root (SUITE: bookworm or trixie) that has no compiler and has never seen
# Basalt: first as root, then as an ordinary user in a clone of his own. With -- COMMAND it runs that command instead.
# Prints the minutes from clone to first screen. Needs root (chroot, mounts) and debootstrap. Every mount lies in a mount
# namespace of this script alone and every process in its process namespace, so both end with it.
set -eu

say() { printf '%s\n' "fresh-machine: $*" >&2; }
give_up() { status=$1; shift; say "$@"; exit "$status"; }

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/basalt/fresh-machine

suite=${1-}
case $suite in bookworm | trixie) shift ;; *) give_up 2 "Name a suite: bookworm or trixie. Example: tests/fresh-machine.sh bookworm" ;; esac
who='root user'
case ${1-} in --root) who=root; shift ;; --user) who=user; shift ;; esac
case ${1-} in '') ;; --) shift ;; *) give_up 2 "Unknown option '$1'. Example: tests/fresh-machine.sh $suite --user" ;; esac

[ "$(id -u)" -eq 0 ] || give_up 4 'Only root may make a root directory and enter it. Start this script as root.'
for tool in debootstrap unshare git; do
    command -v "$tool" >/dev/null || give_up 4 "This machine lacks $tool. Install the Debian package of that name."
done

# ---- in the namespace: mount, clone, run ----------------------------------------------------------------------------
if [ "${BASALT_FRESH_ROOT-}" ]; then
    root=$BASALT_FRESH_ROOT
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev"
    mkdir "$root/dev/shm" "$root/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    for node in null zero full random urandom tty; do : >"$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
    ln -s /proc/self/fd "$root/dev/fd"
    cp /etc/resolv.conf "$root/etc/resolv.conf"

    # The commands as a newcomer finds them: the README's first two indented lines that begin with ./basalt.
    if [ $# -gt 0 ]; then commands=$*
    else commands=$(sed -n 's/^    \(\.\/basalt [^#]*[^# ]\).*/\1/p' "$source/README.md" | head -n 2); fi
    [ -n "$commands" ] || give_up 1 'The README names no command.'

    # Runs one line in the clone at $2 as user $1; what it says goes through, what it shows first is timed.
    inside() {
        chroot "$root" setpriv --reuid "$1" --regid "$1" --init-groups --reset-env \
            sh -c "cd '$2' && umask 022 && exec $3" </dev/null
    }

    failed=0
    for person in $who; do
        case $person in root) home=/root ;; user) person=newcomer; home=/home/newcomer ;; esac
        if [ "$person" = newcomer ]; then chroot "$root" useradd --create-home --shell /bin/sh newcomer; fi
        started=$(date +%s)
        git clone -q --no-hardlinks "$source" "$root$home/basalt"
        chroot "$root" chown -R "$person:$person" "$home/basalt"
        # An ordinary user without sudo is told the line that root must run. Root runs that very line.
        if [ "$person" = newcomer ] && [ "$who" = user ]; then
            status=0
            told=$(inside newcomer "$home/basalt" './basalt test no-such-label' 2>&1 >/dev/null) || status=$?
            line=$(printf '%s\n' "$told" | sed -n 's/^    \(apt-get .*\)/\1/p')
            [ "$status" -eq 4 ] && [ -n "$line" ] || give_up 1 "A user without sudo was not told what root must install (status $status): $told"
            say "told the newcomer: $line"
            chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -c "$line" </dev/null >"$root/install.log" 2>&1 || {
                tail -n 20 "$root/install.log" >&2
                give_up 1 'The line that the launcher prints for root does not work.'
            }
        fi
        printf '%s\n' "$commands" | while IFS= read -r line; do
            say "$suite, $person: $line"
            before=$(date +%s)
            { inside "$person" "$home/basalt" "$line" || echo "$?" >"$root/failed"; } |
                awk -v at="$root/first-screen" 'NR == 1 { system("date +%s >" at) } { print; fflush() }'
            say "$suite, $person: took $(($(date +%s) - before)) s"
            if [ -e "$root/first-screen" ] && [ ! -e "$root/told-first-screen" ]; then
                say "$(awk -v a="$started" -v b="$(cat "$root/first-screen")" \
                    'BEGIN { printf "from clone to first screen: %.1f minutes", (b - a) / 60 }')"
                : >"$root/told-first-screen"
            fi
            [ ! -e "$root/failed" ] || { say "failed with exit status $(cat "$root/failed"): $line"; break; }
        done
        if [ -e "$root/failed" ]; then failed=1; break; fi
        rm -f "$root/first-screen" "$root/told-first-screen"
    done
    exit "$failed"
fi

# ---- outside: the bare root, made once for each suite, copied for each run ------------------------------------------
if [ ! -e "$cache/$suite.tar" ]; then
    # The mirror that this machine itself uses for Debian.
    mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' 'Label: Debian' 'Component: main' 'Identifier: Packages' | head -n 1)}
    [ -n "$mirror" ] || give_up 4 'This machine knows no Debian mirror. Run apt-get update, or set MIRROR.'
    mkdir -p "$cache"
    base=$(mktemp -d "$cache/$suite.XXXXXX")
    say "making a bare $suite root"
    debootstrap --variant=minbase "$suite" "$base" "$mirror" >"$cache/$suite.log" 2>&1 ||
        { tail -n 5 "$cache/$suite.log" >&2; rm -rf "$base"; give_up 4 "debootstrap could not make a bare $suite root; the lines above say why."; }
    tar -C "$base" -cf "$cache/$suite.tar.part" .
    mv "$cache/$suite.tar.part" "$cache/$suite.tar"
    rm -rf "$base"
fi
root=$(mktemp -d "${TMPDIR:-/tmp}/basalt-$suite.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
# The first process of a namespace hears no signal that it has no handler for, so whoever stops this script stops unshare for
# good; what runs in the namespace ends with it.
inner=
trap '[ -z "$inner" ] || kill -KILL "$inner"; exit 130' INT TERM
tar -C "$root" -xf "$cache/$suite.tar"
chmod 755 "$root"
option=
[ "$who" = 'root user' ] || option=--$who
status=0
# shellcheck disable=SC2086 # empty or one option
BASALT_FRESH_ROOT=$root unshare --mount --propagation private --pid --fork --kill-child \
    "$0" "$suite" $option ${1+-- "$@"} &
inner=$!
wait "$inner" || status=$?
inner=
[ "$status" -ne 0 ] || say "$suite: all passed"
exit "$status"
