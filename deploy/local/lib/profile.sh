# What differs between the two clusters of this machine. They share no folder, port or address.
# shellcheck shell=bash disable=SC2034

node_name=local
bridge=mainstay0
pod_range=10.88.0.0/24
bridge_address=10.88.0.1

select_profile() {
  profile=$1
  case $profile in
    node)
      api_address=$bridge_address api_port=6443
      service_range=10.96.0.0/16 kubernetes_service=10.96.0.1 dns_service=10.96.0.10
      etcd_port=12379 controller_manager_port=10257 scheduler_port=10259
      kubelet_health_port=10248 kube_proxy_health_port=10256 kube_proxy_metrics_port=10249
      coredns_health_port=18085 coredns_ready_port=18185 coredns_metrics_port=19153
      processes=(etcd containerd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet coredns)
      profile_tools=(pause kubelet kube-proxy coredns)
      ;;
    light)
      api_address=127.0.0.1 api_port=16443
      service_range=10.97.0.0/16 kubernetes_service=10.97.0.1
      etcd_port=12389 controller_manager_port=11257 scheduler_port=11259 kwok_port=11247
      processes=(etcd kube-apiserver kube-controller-manager kube-scheduler kwok)
      profile_tools=(kwok)
      ;;
    *) die "there is no profile \"$profile\": choose node (a real kubelet) or light (simulated nodes)" ;;
  esac
  etcd_peer_port=$((etcd_port + 1))
  state_dir=$cache_dir/cluster/$profile
  pki_dir=$state_dir/pki
  config_dir=$state_dir/config
  log_dir=$state_dir/logs
  run_dir=$state_dir/run
  admin_kubeconfig=$state_dir/admin.kubeconfig
  containerd_socket=$run_dir/containerd.sock
}

# A Unix socket's path holds 107 characters; the longest ones below the state folder need about 50.
check_state_path() {
  ((${#state_dir} <= 60)) ||
    die "the state folder $state_dir has ${#state_dir} characters, more than the 60 that Unix sockets in it allow: set MAINSTAY_CACHE to a shorter path"
}

prepare_state() {
  local boot
  boot=$(</proc/sys/kernel/random/boot_id)
  # What a process wrote about mounts and process ids before a reboot would mislead its successor.
  if [[ -f $state_dir/boot && $(<"$state_dir/boot") != "$boot" ]]; then
    rm -rf --one-file-system "$run_dir" "$state_dir/containerd/state"
  fi
  mkdir -p "$pki_dir" "$config_dir" "$log_dir" "$run_dir" "$state_dir/volumes" "$state_dir/images"
  chmod 700 "$pki_dir"
  printf '%s\n' "$boot" >"$state_dir/boot"
}
