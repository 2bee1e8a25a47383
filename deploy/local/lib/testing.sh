# What the tests of this folder share: counted checks, and an image that holds busybox.
# shellcheck shell=bash

test_image=localhost/mainstay-test:1
passed=0
failed=0

# check WHAT COMMAND…: runs the command and counts it.
check() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$what"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$what"
    printf '%s\n' "$output" | tail -n 10 | sed 's/^/        /'
  fi
}

summary() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

eventually() {
  local seconds=$1
  shift
  wait_until "$seconds" "$@"
}

not() {
  ! "$@"
}

load_test_image() {
  local root archive=$cache_dir/test-image.tar command
  root=$(mktemp -d)
  mkdir -p "$root/bin"
  cp /bin/busybox "$root/bin/busybox"
  for command in sh sleep timeout nc nslookup httpd cat id; do
    ln -s busybox "$root/bin/$command"
  done
  mkdir -m 1777 "$root/tmp"
  chmod 755 "$root"
  write_image_archive "$archive" "$test_image" "$root" 10001:10001 /bin/sh
  rm -rf "$root"
  "$local_dir/cluster" load-image "$archive"
}

# pod NAMESPACE NAME [SHELL COMMAND]: a pod that the level "restricted" admits.
pod() {
  local namespace=$1 name=$2 command=${3:-exec sleep 3600}
  jq -n --arg namespace "$namespace" --arg name "$name" --arg command "$command" --arg image "$test_image" '{
    apiVersion: "v1", kind: "Pod", metadata: {namespace: $namespace, name: $name, labels: {app: $name}},
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: {runAsNonRoot: true, seccompProfile: {type: "RuntimeDefault"}},
      containers: [{name: "main", image: $image, args: ["-c", $command], imagePullPolicy: "Never",
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}}]}}'
}

pod_ready() {
  kubectl wait --namespace "$1" --for=condition=Ready --timeout="${3:-180}s" "pod/$2"
}

in_pod() {
  local namespace=$1 name=$2
  shift 2
  kubectl exec --namespace "$namespace" "$name" -- "$@"
}
