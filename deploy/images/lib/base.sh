# The base of every image: a minimal Debian, made from Debian's own archive and checked by its signatures.
# shellcheck shell=bash

base_recipe_hash() {
  sha256sum "$images_dir/lib/base-recipe.sh" | cut -c1-16
}

base_archive() {
  printf '%s/base-trixie-slim-%s.tar' "$store_dir" "$(base_recipe_hash)"
}

# The digest that all images depend on; kept beside the archive, since hashing it each time costs half a second.
base_digest() {
  cat "$(base_archive).sha256" 2>/dev/null || printf 'none'
}

make_base() {
  local archive=$1 started log=$log_dir/image-base.log
  started=$(now_ms)
  printf 'base debian:trixie-slim … ' >&2
  : >"$log"
  logged "$log" make_root_filesystem "$scratch_dir/base.tar" ||
    die "the base $base_reference was not made: the whole output is in $log"
  sha256sum "$scratch_dir/base.tar" | cut -c1-64 >"$archive.sha256"
  mv "$scratch_dir/base.tar" "$archive"
  remove_old_archives base-trixie-slim
  say "$(seconds_since "$started") s"
}

# An archive in docker's format with the root filesystem as its one layer: importing it unpacks the files once,
# where "buildah add" and "buildah commit" would write them three times.
pack_base() {
  local layer=$1 folder=$2 digest config
  digest=$(cat "$layer.sha256")
  mkdir -p "$folder"
  ln -s "$layer" "$folder/layer.tar"
  config=$(printf '{"architecture":"%s","os":"linux","created":"2025-01-01T00:00:00Z","config":{"Cmd":["bash"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"2025-01-01T00:00:00Z","created_by":"mmdebstrap"}]}' \
    "$(dpkg --print-architecture)" "$digest")
  printf '%s' "$config" >"$folder/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$base_reference" >"$folder/manifest.json"
  tar -C "$folder" --dereference -cf "$folder.tar" manifest.json config.json layer.tar
}

# Empties the storage without deleting its folder, which may be a mount point or belong to the user.
reset_storage() {
  rm -f "$storage_dir/base.sha256"
  buildah_here rm --all
  buildah_here rmi --all --force
}

# No layer above another base is of use any more, and layers of old jars add up: both are reasons to begin anew.
storage_usable() {
  local mark=$storage_dir/base.sha256
  [[ -f $mark && $(<"$mark") == "$(base_digest)" ]] &&
    (($(du --one-file-system --summarize --block-size=1M "$storage_dir" | cut -f1) < storage_limit_mb))
}

import_base() {
  local archive=$1 started log=$log_dir/image-base-import.log
  if storage_usable; then return 0; fi
  started=$(now_ms)
  printf 'base into the build storage … ' >&2
  mkdir -p "$storage_dir"
  : >"$log"
  logged "$log" reset_storage ||
    die "the build storage $storage_dir was not emptied: unmount what \"mount\" shows below it and remove the folder"
  pack_base "$archive" "$scratch_dir/base"
  logged "$log" buildah_here pull --policy always "docker-archive:$scratch_dir/base.tar" ||
    die "the base $base_reference was not imported into $storage_dir: the whole output is in $log"
  rm -rf "$scratch_dir/base" "$scratch_dir/base.tar"
  base_digest >"$storage_dir/base.sha256"
  say "$(seconds_since "$started") s"
}

ensure_base() {
  local archive
  archive=$(base_archive)
  if [[ $refresh_base == true || ! -f $archive || ! -f $archive.sha256 ]]; then make_base "$archive"; fi
}
