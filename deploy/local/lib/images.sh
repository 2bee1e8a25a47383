# Brings image archives into the node's containerd, each only once.
# shellcheck shell=bash

containerd_client() {
  ctr --address "$containerd_socket" --namespace k8s.io "$@"
}

# Prints the archive's image names, each with the digest of the image's configuration.
archive_images() {
  local archive=$1 manifest
  manifest=$(tar -xOf "$archive" manifest.json 2>/dev/null) ||
    die "$archive is no image archive, it has no manifest.json: write it with \"buildah push IMAGE docker-archive:FILE:IMAGE\""
  jq -r '.[] | .Config as $digest | .RepoTags[]? | "\(.) \($digest)"' <<<"$manifest"
}

# A name counts as loaded when containerd has it and its last load through this script was the same image.
image_loaded() {
  local name=$1 digest=$2 present=$3 record
  record=$state_dir/images/${name//\//%}
  [[ -f $record && $(<"$record") == "$digest" ]] && grep -qxF "$name" <<<"$present"
}

load_image() {
  local archive=$1 images present name digest missing=() started
  started=$(now_ms)
  [[ -r $archive ]] || die "there is no image archive $archive: build it first"
  images=$(archive_images "$archive")
  [[ -n $images ]] || die "$archive names no image: write it with a name, as in \"buildah push IMAGE docker-archive:FILE:IMAGE\""
  present=$(containerd_client images ls -q)
  while read -r name digest; do
    image_loaded "$name" "$digest" "$present" || missing+=("$name")
  done <<<"$images"
  if ((${#missing[@]} == 0)); then
    say "already loaded: $(cut -d' ' -f1 <<<"$images" | paste -sd' ')"
    return 0
  fi
  containerd_client images import "$archive" >"$log_dir/load-image.log" 2>&1 || {
    show_log "$log_dir/load-image.log"
    die "$archive was not imported: see $log_dir/load-image.log"
  }
  while read -r name digest; do
    printf '%s\n' "$digest" >"$state_dir/images/${name//\//%}"
  done <<<"$images"
  say "loaded ${missing[*]} in $(seconds_since "$started") s"
}
