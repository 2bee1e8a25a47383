# The processes that make this machine a node: containerd, kubelet, kube-proxy and the cluster's DNS server.
# shellcheck shell=bash

write_containerd_config() {
  cat >"$config_dir/containerd.toml" <<CONFIG
version = 2
root = "$state_dir/containerd/root"
state = "$state_dir/containerd/state"
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "$state_dir/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/mainstay-pause:$PAUSE_VERSION"
  # Without CAP_SYS_RESOURCE runc may not lower a score and fails to start the container.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$config_dir/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$state_dir/containerd/runc"
CONFIG
}

write_cni_config() {
  mkdir -p "$config_dir/cni"
  cat >"$config_dir/cni/10-mainstay.conflist" <<CONFIG
{
  "cniVersion": "1.0.0",
  "name": "mainstay",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "$bridge",
      "isGateway": true,
      "ipMasq": false,
      "hairpinMode": true,
      "ipam": {
        "type": "host-local",
        "dataDir": "$state_dir/cni",
        "ranges": [[{"subnet": "$pod_range"}]],
        "routes": [{"dst": "0.0.0.0/0"}]
      }
    }
  ]
}
CONFIG
}

start_containerd() {
  mkdir -p "$state_dir/containerd"
  write_containerd_config
  write_cni_config
  start_process containerd containerd --config "$config_dir/containerd.toml"
}

# Images come from archives only, so none is ever collected, and a full disk evicts no pod.
write_kubelet_config() {
  cat >"$config_dir/kubelet.yaml" <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $bridge_address
healthzPort: $kubelet_health_port
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: $cgroup_root
containerRuntimeEndpoint: unix://$containerd_socket
tlsCertFile: $pki_dir/kubelet.crt
tlsPrivateKeyFile: $pki_dir/kubelet.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $pki_dir/ca.crt}
authorization: {mode: Webhook}
clusterDNS: [$dns_service]
clusterDomain: cluster.local
# Pods ask the cluster's DNS server or none, never the machine's.
resolvConf: ""
failSwapOn: false
podLogsDir: $state_dir/pod-logs
volumePluginDir: $state_dir/volume-plugins
imageGCHighThresholdPercent: 100
evictionHard:
  memory.available: 100Mi
  nodefs.available: 0%
  nodefs.inodesFree: 0%
  imagefs.available: 0%
  imagefs.inodesFree: 0%
CONFIG
}

start_kubelet() {
  check_port_free kubelet "$bridge_address" 10250
  check_port_free kubelet 127.0.0.1 "$kubelet_health_port"
  make_cgroups
  write_kubelet_config
  start_process kubelet "$(tool_path kubelet)" --config="$config_dir/kubelet.yaml" \
    --kubeconfig="$config_dir/kubelet.kubeconfig" --root-dir="$state_dir/kubelet" \
    --hostname-override="$node_name" --node-ip="$bridge_address" --v=2
}

# Node ports are opened on the bridge only, and no setting of connection tracking is touched.
start_kube_proxy() {
  check_port_free kube-proxy 127.0.0.1 "$kube_proxy_health_port"
  cat >"$config_dir/kube-proxy.yaml" <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: $pod_range
hostnameOverride: $node_name
clientConnection: {kubeconfig: $config_dir/kube-proxy.kubeconfig}
healthzBindAddress: 127.0.0.1:$kube_proxy_health_port
metricsBindAddress: 127.0.0.1:$kube_proxy_metrics_port
nodePortAddresses: [$bridge_address/32]
iptables: {localhostNodePorts: false, minSyncPeriod: 100ms}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
CONFIG
  start_process kube-proxy "$(tool_path kube-proxy)" --config="$config_dir/kube-proxy.yaml"
}

start_coredns() {
  check_port_free coredns "$bridge_address" 53
  cat >"$config_dir/Corefile" <<CONFIG
.:53 {
    bind $bridge_address
    errors
    health 127.0.0.1:$coredns_health_port
    ready 127.0.0.1:$coredns_ready_port
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        kubeconfig $config_dir/coredns.kubeconfig
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    prometheus 127.0.0.1:$coredns_metrics_port
    cache 5
}
CONFIG
  start_process coredns "$(tool_path coredns)" -conf "$config_dir/Corefile"
}

apply_dns_objects() {
  sed -e "s/@DNS_SERVICE@/$dns_service/" -e "s/@DNS_SERVER@/$bridge_address/" "$local_dir/manifests/dns.yaml" |
    kubectl apply --server-side --force-conflicts --field-manager=mainstay-local -f - >/dev/null
}

node_ready() {
  [[ $(kubectl get node "$node_name" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) == True ]]
}
