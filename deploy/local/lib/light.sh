# Simulated nodes: KWOK answers for two Node objects and their pods, as its Stage objects say.
# shellcheck shell=bash

kwok_folder() {
  tool_folder kwok
}

# KWOK reads its stages from the API, so that a test can replace one: a pod that crashes, hangs or never is ready.
apply_simulation() {
  local folder apply=(kubectl apply --server-side --force-conflicts --field-manager=mainstay-local)
  folder=$(kwok_folder)
  "${apply[@]}" -f "$folder/crd.yaml" >/dev/null
  kubectl wait --for=condition=Established --timeout=120s crd/stages.kwok.x-k8s.io >/dev/null
  "${apply[@]}" -f "$folder/stages.yaml" -f "$local_dir/manifests/simulated-nodes.yaml" >/dev/null
}

start_kwok() {
  check_port_free kwok 127.0.0.1 "$kwok_port"
  # Without this file KWOK would look for its settings in the caller's home.
  printf 'apiVersion: config.kwok.x-k8s.io/v1alpha1\nkind: KwokConfiguration\n' >"$config_dir/kwok.yaml"
  start_process kwok "$(tool_path kwok)" --config="$config_dir/kwok.yaml" --kubeconfig="$admin_kubeconfig" \
    --manage-all-nodes=false --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake \
    --enable-crds=Stage --server-address="127.0.0.1:$kwok_port"
}

simulated_nodes_ready() {
  [[ $(kubectl get nodes -o 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) == "True True" ]]
}
