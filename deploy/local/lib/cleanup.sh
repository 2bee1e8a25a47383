# Takes away what a node leaves behind: containers, mounts, control groups and files outside the state folder.
# Everything is found from the system itself, so it works after any crash.
# shellcheck shell=bash

cgroup_root=/mainstay

# The kubelet and containerd have these paths built in.
outside_folders=(
  /var/log/containers /var/lib/cni /var/lib/cni/results /run/containerd /run/containerd/s
  /var/lib/kubelet /var/lib/kubelet/device-plugins
)

cgroup_mounts() {
  awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts
}

# Version 2 gives a group only the controllers that its parent passes on.
pass_on_controllers() {
  local controller
  for controller in cpuset cpu memory pids; do
    ! grep -qw "$controller" "$1/cgroup.controllers" || printf '+%s' "$controller" >"$1/cgroup.subtree_control"
  done
}

# All Pods together would get what one other thread of the machine gets, and next to a build they would stand still.
let_pods_work() {
  [[ ! -e $1/cpu.weight ]] || echo 1000 >"$1/cpu.weight"
  [[ ! -e $1/cpu.shares ]] || echo 10240 >"$1/cpu.shares"
}

# A control group of our own keeps apart from any other kubelet what down has to end.
make_cgroups() {
  local mount file
  for mount in $(cgroup_mounts); do
    [[ ! -e $mount/cgroup.controllers ]] || pass_on_controllers "$mount"
    mkdir -p "$mount$cgroup_root"
    let_pods_work "$mount$cgroup_root"
    # A new cpuset group of version 1 is empty, and no process may enter an empty one.
    for file in cpuset.cpus cpuset.mems; do
      [[ ! -e $mount$cgroup_root/$file || -n $(<"$mount$cgroup_root/$file") ]] ||
        cat "$mount/$file" >"$mount$cgroup_root/$file"
    done
  done
}

container_processes() {
  local mount
  for mount in $(cgroup_mounts); do
    [[ -d $mount$cgroup_root ]] || continue
    find "$mount$cgroup_root" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -un
}

# containerd's shims live on without it, each told our socket's path on its command line.
shim_processes() {
  local file arguments
  for file in /proc/[0-9]*/cmdline; do
    mapfile -d '' -t arguments <"$file" || continue
    if [[ ${arguments[0]:-} == *containerd-shim-runc-v2 && " ${arguments[*]} " == *" -address $containerd_socket "* ]]; then
      file=${file%/cmdline}
      printf '%s\n' "${file#/proc/}"
    fi
  done 2>/dev/null
}

no_container_left() {
  local left
  left=$(shim_processes; container_processes)
  [[ -n $left ]] || return 0
  # shellcheck disable=SC2086 # a list of process ids
  kill -9 $left 2>/dev/null || true
  return 1
}

end_containers() {
  wait_until 20 no_container_left ||
    die "containers of the $profile cluster do not end, processes $(container_processes | paste -sd' '): look at /proc/<id>/stack"
}

mounts_below() {
  awk -v folder="$1/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | tac
}

unmount_below() {
  local mount
  mounts_below "$1" | while read -r mount; do
    # The kernel writes a space as \040.
    mount=$(printf '%b' "${mount//\\/\\0}")
    umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null || true
  done
  [[ -z $(mounts_below "$1") ]] ||
    die "there are still mounts below $1, the first is $(mounts_below "$1" | head -1): end what uses it, then run down again"
}

remove_cgroups() {
  local mount left=0
  for mount in $(cgroup_mounts); do
    [[ -d $mount$cgroup_root ]] || continue
    find "$mount$cgroup_root" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
  done
  ((left == 0))
}

# The shims' sockets are named after a hash; each container's folder holds the name until containerd removes it.
remember_shim_sockets() {
  cat "$state_dir"/containerd/state/io.containerd.runtime.v2.task/*/*/address 2>/dev/null |
    grep -ao '/run/containerd/s/[0-9a-f]*' >>"$state_dir/shim-sockets" || true
}

remember_outside_folders() {
  local folder
  [[ ! -f $state_dir/outside-folders ]] || return 0
  for folder in "${outside_folders[@]}"; do
    [[ -d $folder ]] || printf '%s\n' "$folder"
  done >"$state_dir/outside-folders"
}

# Each sandbox has a file for our network and one for its loopback interface, both with its id in the name.
remove_network_results() {
  local file id
  for file in /var/lib/cni/results/mainstay-*-eth0; do
    id=${file#/var/lib/cni/results/mainstay-}
    rm -f "$file" "/var/lib/cni/results/cni-loopback-${id%-eth0}-lo"
  done
}

remove_outside_files() {
  local link folder
  remember_shim_sockets
  [[ ! -s $state_dir/shim-sockets ]] || xargs -r rm -f <"$state_dir/shim-sockets"
  remove_network_results
  for link in /var/log/containers/*; do
    [[ $(readlink "$link") != "$state_dir"/* ]] || rm -f "$link"
  done
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  # Only folders that were not there before, and of those only the empty ones.
  tac "$state_dir/outside-folders" 2>/dev/null | while read -r folder; do
    rmdir "$folder" 2>/dev/null || true
  done
}

clean_node() {
  end_containers
  unmount_below "$state_dir"
  wait_until 10 remove_cgroups || die "the control group $cgroup_root cannot be removed: see which processes its cgroup.procs files name"
  network_down
  remove_outside_files
}
