# What goes into each image: its reference, and the folder that buildah sees as build context.
# shellcheck shell=bash

image_table() {
  cat <<TABLE
operator localhost/mainstay/operator:$product_version
runner localhost/mainstay/runner:$product_version
runner-postgres localhost/mainstay/runner-postgres:$product_version
example-npm localhost/mainstay/example-npm:9
example-postgres-15 localhost/mainstay/example-postgres:15
example-postgres-17 localhost/mainstay/example-postgres:17
example-redis localhost/mainstay/example-redis:8
example-s3 localhost/mainstay/example-s3:1.8.0
example-shop-1.4.1 localhost/mainstay/example-shop:1.4.1
example-shop-1.4.2 localhost/mainstay/example-shop:1.4.2
example-shop-1.5.0-bad localhost/mainstay/example-shop:1.5.0-bad
example-shop-1.5.1-crash localhost/mainstay/example-shop:1.5.1-crash
example-shop-1.5.2-slow localhost/mainstay/example-shop:1.5.2-slow
example-prometheus localhost/mainstay/example-prometheus:2.53
restore-check localhost/mainstay/restore-check:13
TABLE
}

image_names() {
  image_table | cut -d' ' -f1
}

image_reference() {
  image_table | awk -v name="$1" '$1 == name { print $2 }'
}

# image_folder NAME: several versions of one image share a folder, which has the name without the version; so do the two
# images of the runner.
image_folder() {
  local reference
  if [[ $1 == runner-postgres ]]; then
    printf 'runner'
    return
  fi
  reference=$(image_reference "$1")
  printf '%s' "${1%"-${reference##*:}"}"
}

# images_of NAME: the image of that name, or all that are made from the folder of that name.
images_of() {
  local name
  if [[ -n $(image_reference "$1") ]]; then
    echo "$1"
    return
  fi
  for name in $(image_names); do
    if [[ $name == "$1" || $(image_folder "$name") == "$1" ]]; then echo "$name"; fi
  done
}

# copy_jars MODULE FOLDER: the module's own jar and all jars that it needs, made by Maven.
copy_jars() {
  local module=$1 folder=$2 target=$repository_dir/operator/$1/target
  local jar=$target/mainstay-$module-$product_version.jar
  [[ -f $jar ]] || die "the jar $jar does not exist: run \"mvn -pl operator/$module -am package\" first"
  compgen -G "$target/lib/*.jar" >/dev/null ||
    die "the folder $target/lib has no jar of a dependency: run \"mvn -pl operator/$module -am package\" again"
  mkdir -p "$folder/lib"
  cp "$target"/lib/*.jar "$folder/lib/"
  cp "$jar" "$folder/lib/"
}

# copy_versitygw FOLDER: the S3 server, in the version that the image's tag names.
copy_versitygw() {
  local version program
  version=v${2##*:}
  program=$cache_dir/bin/versitygw-$version/versitygw
  [[ -x $program ]] || "$repository_dir/deploy/local/toolchain/build" versitygw
  [[ -x $program ]] ||
    die "the program $program does not exist: give VERSITYGW_VERSION in deploy/local/versions.env and the tag of example-s3 in deploy/images/lib/context.sh the same version"
  cp "$program" "$1/versitygw"
}

# compile_shop FOLDER: the program alone is left, compiled once for all versions. Go's own cache makes a second run quick.
compile_shop() {
  local folder=$1 program=$scratch_dir/shop log=$log_dir/build-example-shop.log
  if [[ ! -x $program ]]; then
    command -v go >/dev/null || die "go is not on the PATH: install the release of Go that deploy/local/check asks for"
    : >"$log"
    (
      cd "$folder"
      export CGO_ENABLED=0 GOWORK=off GOTOOLCHAIN=local GOPROXY=off GOFLAGS=
      logged "$log" go build -buildvcs=false -trimpath -ldflags '-s -w' -o "$program" .
    ) || die "the program in deploy/images/example-shop was not compiled: the whole output is in $log"
  fi
  rm -f "$folder"/*.go "$folder/go.mod"
  cp "$program" "$folder/shop"
}

# make_context NAME: prints the folder. Times and modes are equalised, since they depend on who checked out the files.
make_context() {
  local name=$1 folder=$scratch_dir/$1
  if [[ ! -d $folder ]]; then
    cp -R "$images_dir/$(image_folder "$name")" "$folder"
    case $name in
      operator) copy_jars controller "$folder" ;;
      runner | runner-postgres) copy_jars runner "$folder" ;;
      example-s3) copy_versitygw "$folder" "$(image_reference "$name")" ;;
      example-shop-*) compile_shop "$folder" ;;
    esac
    chmod -R u=rwX,go=rX "$folder"
    find "$folder" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  fi
  printf '%s' "$folder"
}

# hash_folder FOLDER: a digest of names, modes and contents.
hash_folder() {
  (
    cd "$1"
    find . -printf '%m %y %p\n' | LC_ALL=C sort
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  ) | sha256sum | cut -c1-64
}
