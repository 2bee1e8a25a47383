# The processes that both profiles run: etcd, the API server, the controller manager and the scheduler.
# shellcheck shell=bash

start_etcd() {
  local durability=(--unsafe-no-fsync)
  check_port_free etcd 127.0.0.1 "$etcd_port"
  # The cluster's data are worth nothing after the machine has stopped, so no write waits for the disk, unless a
  # measurement of latencies asks for that.
  [[ ${MAINSTAY_ETCD_FSYNC:-} != true ]] || durability=()
  start_process etcd etcd --name "$profile" --data-dir "$state_dir/etcd" "${durability[@]}" --log-outputs stderr \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" \
    --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
    --initial-cluster "$profile=http://127.0.0.1:$etcd_peer_port"
}

write_audit_policy() {
  write_settings "$config_dir/audit-policy.yaml" <<'CONFIG'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
CONFIG
}

# Debian 12's etcd can't report the progress of a watch, so the API server refuses the lists that are streamed as one;
# KWOK's client asks for them again and again, and its nodes stand still for half a minute each time.
start_api_server() {
  local flags=()
  check_port_free kube-apiserver "$api_address" "$api_port"
  write_audit_policy
  if [[ $profile == node ]]; then
    flags+=(
      --kubelet-certificate-authority="$pki_dir/ca.crt" --kubelet-preferred-address-types=InternalIP
      --kubelet-client-certificate="$pki_dir/kubelet-client.crt" --kubelet-client-key="$pki_dir/kubelet-client.key"
    )
  else
    # No pod runs that could use the Service "kubernetes", and a loopback address may not be its endpoint.
    flags+=(--endpoint-reconciler-type=none)
  fi
  start_process kube-apiserver "$(tool_path kube-apiserver)" \
    --etcd-servers="http://127.0.0.1:$etcd_port" --bind-address="$api_address" --secure-port="$api_port" \
    --advertise-address="$api_address" --service-cluster-ip-range="$service_range" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged --profiling=false \
    --feature-gates=WatchList=false \
    --tls-cert-file="$pki_dir/kube-apiserver.crt" --tls-private-key-file="$pki_dir/kube-apiserver.key" \
    --client-ca-file="$pki_dir/ca.crt" --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki_dir/service-account.pub" \
    --service-account-signing-key-file="$pki_dir/service-account.key" \
    --requestheader-client-ca-file="$pki_dir/ca.crt" --requestheader-allowed-names=front-proxy \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$pki_dir/front-proxy.crt" --proxy-client-key-file="$pki_dir/front-proxy.key" \
    --audit-policy-file="$config_dir/audit-policy.yaml" --audit-log-path="$log_dir/audit.log" \
    --audit-log-maxsize=100 --audit-log-maxbackup=5 "${flags[@]}"
}

# A kubelet or KWOK that a busy machine lets wait would otherwise count as a lost node after 50 seconds.
# KWOK's nodes have no heartbeat. Without one for the grace period all Pods on them become unready, and stay so.
start_controller_manager() {
  local grace=5m
  [[ $profile != light ]] || grace=24h
  check_port_free kube-controller-manager 127.0.0.1 "$controller_manager_port"
  start_process kube-controller-manager "$(tool_path kube-controller-manager)" \
    --kubeconfig="$config_dir/kube-controller-manager.kubeconfig" \
    --authentication-kubeconfig="$config_dir/kube-controller-manager.kubeconfig" \
    --authorization-kubeconfig="$config_dir/kube-controller-manager.kubeconfig" \
    --service-account-private-key-file="$pki_dir/service-account.key" --root-ca-file="$pki_dir/ca.crt" \
    --cluster-signing-cert-file="$pki_dir/ca.crt" --cluster-signing-key-file="$pki_dir/ca.key" \
    --use-service-account-credentials --leader-elect=false --allocate-node-cidrs=false --profiling=false \
    --node-monitor-grace-period=$grace \
    --flex-volume-plugin-dir="$state_dir/volume-plugins" --bind-address=127.0.0.1 --secure-port="$controller_manager_port"
}

start_scheduler() {
  check_port_free kube-scheduler 127.0.0.1 "$scheduler_port"
  start_process kube-scheduler "$(tool_path kube-scheduler)" \
    --kubeconfig="$config_dir/kube-scheduler.kubeconfig" \
    --authentication-kubeconfig="$config_dir/kube-scheduler.kubeconfig" \
    --authorization-kubeconfig="$config_dir/kube-scheduler.kubeconfig" \
    --leader-elect=false --profiling=false --bind-address=127.0.0.1 --secure-port="$scheduler_port"
}

kubectl() {
  "$(tool_path kubectl)" --kubeconfig "$admin_kubeconfig" "$@"
}

answers() {
  curl --noproxy '*' --silent --fail --max-time 5 --output /dev/null "$@"
}

# Asks a process itself how it is.
healthy() {
  case $1 in
    etcd) answers "http://127.0.0.1:$etcd_port/health" ;;
    kube-apiserver) answers --cacert "$pki_dir/ca.crt" "https://$api_address:$api_port/readyz" ;;
    # These two make their serving certificates themselves at each start.
    kube-controller-manager) answers --insecure "https://127.0.0.1:$controller_manager_port/healthz" ;;
    kube-scheduler) answers --insecure "https://127.0.0.1:$scheduler_port/healthz" ;;
    containerd) ctr --address "$containerd_socket" version >/dev/null 2>&1 ;;
    kubelet) answers "http://127.0.0.1:$kubelet_health_port/healthz" ;;
    kube-proxy) answers "http://127.0.0.1:$kube_proxy_health_port/healthz" ;;
    coredns) answers "http://127.0.0.1:$coredns_ready_port/ready" ;;
    kwok) answers "http://127.0.0.1:$kwok_port/healthz" ;;
  esac
}
