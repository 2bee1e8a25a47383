# The programs built from Go modules: where each comes from and where its build is kept.
# shellcheck shell=bash

# Name, version and package of each tool; those that the cluster cannot start without come first.
tool_table() {
  cat <<TABLE
kube-apiserver $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kube-apiserver
kube-controller-manager $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kube-controller-manager
kube-scheduler $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kube-scheduler
kubelet $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kubelet
kube-proxy $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kube-proxy
kubectl $KUBERNETES_VERSION k8s.io/kubernetes/cmd/kubectl
coredns $COREDNS_VERSION github.com/coredns/coredns
kwok $KWOK_VERSION sigs.k8s.io/kwok/cmd/kwok
helm $HELM_VERSION helm.sh/helm/v4/cmd/helm
versitygw $VERSITYGW_VERSION github.com/versity/versitygw/cmd/versitygw
TABLE
}

# Built only when they are asked for by name, since the GitOps engines take ten minutes and only tests run an Alertmanager. The
# fourth word is the module, whose own go.mod decides what it is built with.
further_tool_table() {
  cat <<TABLE
metrics-server $METRICS_SERVER_VERSION sigs.k8s.io/metrics-server/cmd/metrics-server
alertmanager $ALERTMANAGER_VERSION github.com/prometheus/alertmanager/cmd/alertmanager
argocd $ARGOCD_VERSION github.com/argoproj/argo-cd/v3/cmd github.com/argoproj/argo-cd/v3
source-controller $FLUX_SOURCE_CONTROLLER_VERSION github.com/fluxcd/source-controller github.com/fluxcd/source-controller
kustomize-controller $FLUX_KUSTOMIZE_CONTROLLER_VERSION github.com/fluxcd/kustomize-controller github.com/fluxcd/kustomize-controller
TABLE
}

tool_field() {
  local name=$1 field=$2
  { tool_table && further_tool_table; } | awk -v name="$name" -v field="$field" '$1 == name { print $field }'
}

# The Kubernetes programs share a folder; every other tool has its own, so that a changed pin leaves the rest alone.
tool_folder() {
  local name=$1 version package
  version=$(tool_field "$name" 2)
  package=$(tool_field "$name" 3)
  case $package in
    k8s.io/kubernetes/*) printf '%s/kubernetes-%s' "$bin_dir" "$version" ;;
    *) printf '%s/%s-%s' "$bin_dir" "$name" "$version" ;;
  esac
}

tool_path() {
  printf '%s/%s' "$(tool_folder "$1")" "$1"
}

# The folders of all tools in the form of PATH.
tools_on_path() {
  local name
  for name in $(tool_table | cut -d' ' -f1); do
    tool_folder "$name"
    echo
  done | awk '!seen[$0]++' | paste -sd:
}

pause_image_archive() {
  printf '%s/pause-%s/pause.tar' "$bin_dir" "$PAUSE_VERSION"
}
