# How the base is made. A change of this file makes it again, and every image after it.
# shellcheck shell=bash

# Memory when there is plenty: a disk spends more time on these thousands of small files than everything else takes.
base_work_folder() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1) || free=0
  if ((free > 2000000)); then printf '/dev/shm'; else printf '%s' "$scratch_dir"; fi
}

# Some packages link their manual pages and fail without the folder of these, although the pages are left out.
make_root_filesystem() {
  local target=$1 folder
  folder=$(base_work_folder)
  # shellcheck disable=SC2016 # the hook's $1 is meant
  TMPDIR=$folder mmdebstrap --variant=minbase \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='mkdir -p "$1/usr/share/man/man1" "$1/usr/share/man/man7"' \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    trixie "$target"
}
