# Packs a folder as an image archive with no daemon.
# shellcheck shell=bash

# Equal bytes on each build: the same digest means the same image.
pack_reproducibly() {
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$@"
}

# write_image_archive ARCHIVE NAME FOLDER USER ENTRYPOINT
write_image_archive() {
  local archive=$1 name=$2 folder=$3 user=$4 entrypoint=$5 work layer config
  mkdir -p "$(dirname "$archive")"
  work=$(mktemp -d "$(dirname "$archive")/.packing.XXXXXX")
  pack_reproducibly "$work/layer" -C "$folder" .
  layer=$(sha256sum "$work/layer" | cut -d' ' -f1)
  mv "$work/layer" "$work/$layer.tar"
  jq -cn --arg architecture "$(dpkg --print-architecture)" --arg layer "sha256:$layer" --arg user "$user" \
    --arg entrypoint "$entrypoint" '{architecture: $architecture, os: "linux",
      config: {User: $user, Entrypoint: [$entrypoint], Env: ["PATH=/bin"]},
      rootfs: {type: "layers", diff_ids: [$layer]}}' >"$work/config"
  config=$(sha256sum "$work/config" | cut -d' ' -f1)
  mv "$work/config" "$work/$config.json"
  jq -cn --arg config "$config.json" --arg name "$name" --arg layer "$layer.tar" \
    '[{Config: $config, RepoTags: [$name], Layers: [$layer]}]' >"$work/manifest.json"
  pack_reproducibly "$work/archive" -C "$work" manifest.json "$config.json" "$layer.tar"
  mv "$work/archive" "$archive"
  rm -rf "$work"
}
