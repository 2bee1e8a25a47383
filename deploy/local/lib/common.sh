# Shared by the scripts of this folder: the pinned versions, the cache's layout and how to speak to the user.
# shellcheck shell=bash disable=SC2034

local_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=/dev/null
. "$local_dir/versions.env"

cache_dir=${MAINSTAY_CACHE:-${HOME:-/root}/.cache/mainstay}
bin_dir=$cache_dir/bin

say() {
  printf '%s\n' "$*" >&2
}

die() {
  say "error: $*"
  exit 1
}

# Prints the last lines of a log beside its path, so that most failures need no second command.
show_log() {
  local log=$1 lines=${2:-15}
  [[ -s $log ]] || { say "  $log is empty"; return 0; }
  say "  last lines of $log:"
  tail -n "$lines" "$log" | sed 's/^/  | /' >&2
}

# Milliseconds, for durations shown to the user.
now_ms() {
  local now=$EPOCHREALTIME
  printf '%s' "$((${now/./} / 1000))"
}

seconds_since() {
  local spent=$(($(now_ms) - $1))
  printf '%d.%d' $((spent / 1000)) $((spent % 1000 / 100))
}

# Runs a command until it succeeds or the seconds have passed.
wait_until() {
  local seconds=$1 deadline
  shift
  deadline=$(($(now_ms) + seconds * 1000))
  until "$@"; do
    (($(now_ms) < deadline)) || return 1
    sleep 0.1
  done
}
