# Builds one image, or finds it built.
# shellcheck shell=bash

kept_archives=3

image_archive() {
  local name=$1 context hash
  context=$(make_context "$name")
  hash=$(printf '%s\n' "$(image_reference "$name")" "$(base_digest)" "$(hash_folder "$context")" "${build_args[@]}" |
    sha256sum | cut -c1-16)
  printf '%s/%s-%s.tar' "$store_dir" "$name" "$hash"
}

list_image() {
  local name=$1 archive
  archive=$(image_archive "$name")
  [[ -f $archive ]] ||
    die "the image $(image_reference "$name") is not built in its present state: run \"deploy/images/build $name\""
  printf '%s %s\n' "$(image_reference "$name")" "$archive"
}

# A build that was killed leaves its working container behind, mounted. The lock says that no other build has one.
remove_killed_builds() {
  [[ ! -d $storage_dir/overlay-containers ]] || buildah_here rm --all >/dev/null
}

# Layers are kept where there are jars: when these change, only the last steps of the Dockerfile run again.
run_build() {
  local name=$1 reference=$2 context=$3 argument arguments=(--layers=false)
  [[ ! -d $context/lib ]] || arguments=(--layers)
  [[ $name != example-shop-* ]] || arguments+=(--build-arg "SHOP_VERSION=${reference##*:}")
  [[ $name != example-postgres-* ]] || arguments+=(--build-arg "PG_MAJOR=${reference##*:}")
  [[ $name != runner-postgres ]] || arguments+=(--build-arg POSTGRESQL=server)
  for argument in "${build_args[@]}"; do arguments+=(--build-arg "$argument"); done
  buildah_here bud --pull-never --timestamp "$SOURCE_DATE_EPOCH" --format docker \
    "${arguments[@]}" --file "$context/Dockerfile" --tag "$reference" "$context"
}

export_image() {
  local reference=$1 archive=$2
  buildah_here push --quiet "$reference" "docker-archive:$archive:$reference"
}

# Older states of an image stay for a while, since several work trees may share the cache.
remove_old_archives() {
  local name=$1 old
  find "$store_dir" -maxdepth 1 -regex ".*/$name-[0-9a-f]*\.tar" -printf '%T@ %p\n' | sort -rn |
    tail -n "+$((kept_archives + 1))" | cut -d' ' -f2- |
    while read -r old; do rm -f "$old"; done
}

build_image() {
  local name=$1 reference archive started log=$log_dir/image-$1.log
  archive=$(image_archive "$name")
  if [[ -f $archive ]]; then
    touch "$archive"
    return 0
  fi
  reference=$(image_reference "$name")
  remove_killed_builds
  import_base "$(base_archive)"
  started=$(now_ms)
  printf 'image %s … ' "$reference" >&2
  : >"$log"
  logged "$log" run_build "$name" "$reference" "$scratch_dir/$name" ||
    die "the image $reference was not built: the whole output is in $log"
  logged "$log" export_image "$reference" "$scratch_dir/$name.tar" ||
    die "the image $reference was built but not exported to $store_dir: the whole output is in $log"
  mv "$scratch_dir/$name.tar" "$archive"
  remove_old_archives "$name"
  say "$(seconds_since "$started") s, $(du -m "$archive" | cut -f1) MB"
}
