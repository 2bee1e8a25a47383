# Shared by the parts of deploy/images/build: folders, settings and how to speak to the user.
# shellcheck shell=bash disable=SC2034

repository_dir=$(cd "$images_dir/../.." && pwd)
cache_dir=${MAINSTAY_CACHE:-${HOME:-/root}/.cache/mainstay}
store_dir=$cache_dir/images
log_dir=$cache_dir/logs
storage_dir=${MAINSTAY_BUILD_STORAGE:-$store_dir/storage}

storage_limit_mb=12000

product_version=0.1.0
base_reference=docker.io/library/debian:trixie-slim

# Every file of a build context and of the base gets this time, so that equal content gives equal layers.
export SOURCE_DATE_EPOCH=1735689600
# No user namespace and no daemon: works for root in a container or a small virtual machine.
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=overlay

refresh_base=false
build_args=()

say() {
  printf '%s\n' "$*" >&2
}

die() {
  say "error: $*"
  exit 1
}

now_ms() {
  local now=$EPOCHREALTIME
  printf '%s' "$((${now/[.,]/} / 1000))"
}

seconds_since() {
  local spent=$(($(now_ms) - $1))
  printf '%d.%d' $((spent / 1000)) $((spent % 1000 / 100))
}

# logged LOG COMMAND…: keeps the output in LOG and shows its end when the command fails.
logged() {
  local log=$1
  shift
  "$@" >>"$log" 2>&1 && return 0
  say "failed"
  say "  last lines of $log:"
  tail -n 20 "$log" | sed 's/^/  | /' >&2
  return 1
}

check_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null ||
      die "$tool is not installed: install the Debian packages named in deploy/images/debian-packages.txt"
  done
}

# A folder for contexts and half-made files; it is gone when the script ends, or when the next one starts.
make_scratch() {
  rm -rf "$store_dir"/.scratch.*
  scratch_dir=$(mktemp -d "$store_dir/.scratch.XXXXXX")
  trap 'rm -rf "$scratch_dir"' EXIT
}

# The storage is ours alone: a user's own buildah or podman never sees these images.
buildah_here() {
  buildah --root "$storage_dir" --runroot "$storage_dir/run" "$@"
}
