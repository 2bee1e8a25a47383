# The cluster's bridge, and the rules that keep every packet of pods and Services on this machine.
# They stand before the first process starts and go after the last one has ended.
# shellcheck shell=bash

# mangle is used because its hooks run before the ACCEPT rules that kube-proxy puts first in filter/FORWARD.
isolation_chain=MAINSTAY-ISOLATION
escape_chain=MAINSTAY-ESCAPE
unassigned_chain=MAINSTAY-UNASSIGNED

changed_sysctls=(
  net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables
  vm.overcommit_memory kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes
)

save_sysctls() {
  local file=$state_dir/sysctls name
  [[ ! -s $file ]] || return 0
  for name in "${changed_sysctls[@]}"; do
    printf '%s=%s\n' "$name" "$(sysctl -n "$name" 2>/dev/null)"
  done | grep -v '=$' >"$file.new"
  mv "$file.new" "$file"
}

restore_sysctls() {
  local file=$state_dir/sysctls
  [[ -s $file ]] || return 0
  sysctl -q -p "$file" || say "warning: not every value of $file was restored: compare it with \"sysctl -a\""
}

add_bridge() {
  [[ -d /sys/class/net/$bridge ]] || ip link add "$bridge" type bridge
  # Pods speak IPv4 only; without this the kernel itself would announce the bridge by IPv6.
  sysctl -qw "net.ipv6.conf.$bridge.disable_ipv6=1" 2>/dev/null || true
  ip address replace "$bridge_address/24" dev "$bridge"
  ip link set "$bridge" up
  # An address of the Service range that no Service has would otherwise follow the default route.
  ip route replace "$service_range" dev "$bridge"
}

hook_chain() {
  local table=$1 chain=$2 hook=$3
  iptables -w -t "$table" -C "$hook" -j "$chain" 2>/dev/null || iptables -w -t "$table" -I "$hook" -j "$chain"
}

# Each table is replaced in one step, so that running pods find no moment without the rules.
isolate_node() {
  iptables-restore -w --noflush <<RULES
*mangle
:$isolation_chain - [0:0]
# Nothing is forwarded between the bridge and any other interface, in either direction.
-A $isolation_chain -i $bridge -o $bridge -j RETURN
-A $isolation_chain -i $bridge -j DROP
-A $isolation_chain -o $bridge -j DROP
:$escape_chain - [0:0]
# What this machine itself sends to a pod or a Service leaves by the bridge or not at all, whatever the routes
# say and even when a Service's endpoint is an address outside.
-A $escape_chain -o $bridge -j RETURN
-A $escape_chain -o lo -j RETURN
-A $escape_chain -d $service_range -j DROP
-A $escape_chain -d $pod_range -j DROP
-A $escape_chain -m conntrack --ctorigdst $service_range -j DROP
COMMIT
*filter
:$unassigned_chain - [0:0]
# An address that is still in the Service range after translation belongs to no Service: it is refused at once
# instead of after the three seconds in which the bridge would look for it. The kernel sends few ICMP answers a
# second, so a connection is reset instead.
-A $unassigned_chain -d $service_range -p tcp -j REJECT --reject-with tcp-reset
-A $unassigned_chain -d $service_range -j REJECT --reject-with icmp-port-unreachable
COMMIT
RULES
  hook_chain mangle $isolation_chain FORWARD
  hook_chain mangle $escape_chain POSTROUTING
  hook_chain filter $unassigned_chain FORWARD
  hook_chain filter $unassigned_chain OUTPUT
}

# A rule set of a kube-proxy that is not ours would be changed by ours, and taken away with it.
check_no_foreign_proxy() {
  [[ -f $state_dir/network ]] || ! iptables-save -t nat 2>/dev/null | grep -q '^:KUBE-SERVICES ' ||
    die "this machine's iptables hold the rules of another kube-proxy (chain KUBE-SERVICES): stop that cluster, or remove what it left with \"$(tool_path kube-proxy) --cleanup\""
}

network_up() {
  check_no_foreign_proxy
  modprobe -q br_netfilter 2>/dev/null || true
  [[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] ||
    die "the kernel has no module br_netfilter, which Services need on a bridge: load it with \"modprobe br_netfilter\""
  save_sysctls
  : >"$state_dir/network"
  isolate_node
  add_bridge
  # Last, so that nothing is forwarded before the rules stand.
  sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
}

# The simulated nodes have no network at all: whoever dials one of its Services gets an error at once.
network_up_light() {
  ip route replace blackhole "$service_range"
}

network_down_light() {
  ip route del blackhole "$service_range" 2>/dev/null || true
}

remove_chain() {
  local table=$1 chain=$2 hook
  shift 2
  for hook in "$@"; do
    while iptables -w -t "$table" -D "$hook" -j "$chain" 2>/dev/null; do :; done
  done
  iptables -w -t "$table" -F "$chain" 2>/dev/null || true
  iptables -w -t "$table" -X "$chain" 2>/dev/null || true
}

# Everything that kube-proxy and the kubelet added is in chains named KUBE-…, or jumps to one.
remove_kubernetes_chains() {
  local command=$1 table rules
  for table in nat filter mangle; do
    rules=$("$command-save" -t "$table" 2>/dev/null) || continue
    [[ $rules == *KUBE-* ]] || continue
    {
      printf '*%s\n' "$table"
      awk '/^:KUBE-/ { print substr($1, 2) }' <<<"$rules" | sed 's/.*/:& - [0:0]/'
      sed -n '/^-A KUBE-/d; /^-A .* -j KUBE-/s/^-A/-D/p' <<<"$rules"
      awk '/^:KUBE-/ { print "-X " substr($1, 2) }' <<<"$rules"
      printf 'COMMIT\n'
    } | "$command-restore" -w --noflush
  done
}

network_down() {
  local port
  [[ -f $state_dir/network ]] || return 0
  for port in "/sys/class/net/$bridge/brif"/*; do
    [[ ! -e $port ]] || ip link del "$(basename "$port")" 2>/dev/null || true
  done
  [[ ! -d /sys/class/net/$bridge ]] || ip link del "$bridge"
  remove_kubernetes_chains iptables
  remove_kubernetes_chains ip6tables
  restore_sysctls
  remove_chain mangle $isolation_chain FORWARD
  remove_chain mangle $escape_chain POSTROUTING
  remove_chain filter $unassigned_chain FORWARD OUTPUT
}
