# A certificate authority for each cluster and the certificates that it signs. Elliptic curves are made in milliseconds.
# shellcheck shell=bash

new_key() {
  (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$1")
}

make_authority() {
  [[ ! -s $pki_dir/ca.crt ]] || return 0
  new_key "$pki_dir/ca.key"
  openssl req -x509 -new -key "$pki_dir/ca.key" -subj "/CN=mainstay-$profile" -days 3650 \
    -addext keyUsage=critical,keyCertSign,digitalSignature,cRLSign -out "$pki_dir/ca.crt"
  new_key "$pki_dir/service-account.key"
  openssl ec -in "$pki_dir/service-account.key" -pubout -out "$pki_dir/service-account.pub" 2>/dev/null
}

# make_certificate FILE SUBJECT USAGE [ALTERNATIVE NAMES], key and certificate by a single process.
make_certificate() {
  local file=$1 subject=$2 usage=$3 names=${4:-} settings
  [[ ! -s $file.crt ]] || return 0
  settings=$'[req]\ndistinguished_name=name\nx509_extensions=extensions\n[name]\n[extensions]\n'
  settings+=$'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage='$usage$'\n'
  [[ -z $names ]] || settings+="subjectAltName=$names"$'\n'
  (umask 077 && openssl req -x509 -config <(printf '%s' "$settings") -CA "$pki_dir/ca.crt" -CAkey "$pki_dir/ca.key" \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$file.key" -subj "$subject" -days 3650 \
    -out "$file.new" 2>"$file.log") || { show_log "$file.log"; die "openssl made no certificate for $subject"; }
  mv "$file.new" "$file.crt"
  rm -f "$file.log"
}

# make_kubeconfig FILE CERTIFICATE: the certificate and key are part of the file, so it works from anywhere. The key is in
# its traditional form, whose first line names its kind: the Java client takes any other for an RSA key.
make_kubeconfig() {
  local file=$1 certificate=$2
  (umask 077 && cat >"$file.new") <<CONFIG
apiVersion: v1
kind: Config
clusters:
- name: mainstay-$profile
  cluster:
    server: https://$api_address:$api_port
    certificate-authority-data: $(base64 -w0 "$pki_dir/ca.crt")
users:
- name: $(basename "$certificate")
  user:
    client-certificate-data: $(base64 -w0 "$certificate.crt")
    client-key-data: $(openssl pkey -traditional -in "$certificate.key" | base64 -w0)
contexts:
- name: mainstay-$profile
  context:
    cluster: mainstay-$profile
    user: $(basename "$certificate")
current-context: mainstay-$profile
CONFIG
  mv "$file.new" "$file"
}

# make_client NAME SUBJECT: a client certificate and the kubeconfig that uses it.
make_client() {
  local name=$1 subject=$2
  make_certificate "$pki_dir/$name" "$subject" clientAuth
  [[ -s $config_dir/$name.kubeconfig ]] || make_kubeconfig "$config_dir/$name.kubeconfig" "$pki_dir/$name"
}

make_control_plane_certificates() {
  local names="DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  names+=",DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$kubernetes_service,IP:$api_address"
  make_authority
  make_certificate "$pki_dir/kube-apiserver" /CN=kube-apiserver serverAuth "$names"
  make_certificate "$pki_dir/front-proxy" /CN=front-proxy clientAuth
  make_certificate "$pki_dir/kubelet-client" /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
  make_client admin /O=system:masters/CN=admin
  [[ -s $admin_kubeconfig ]] || cp -p "$config_dir/admin.kubeconfig" "$admin_kubeconfig"
  make_client kube-controller-manager /CN=system:kube-controller-manager
  make_client kube-scheduler /CN=system:kube-scheduler
}

make_node_certificates() {
  make_certificate "$pki_dir/kubelet" "/O=system:nodes/CN=system:node:$node_name" clientAuth,serverAuth \
    "DNS:$node_name,IP:$bridge_address"
  [[ -s $config_dir/kubelet.kubeconfig ]] || make_kubeconfig "$config_dir/kubelet.kubeconfig" "$pki_dir/kubelet"
  make_client kube-proxy /CN=system:kube-proxy
  make_client coredns /CN=coredns
}

# Prints a kubeconfig for any user and groups, signed by the cluster's authority.
print_user_kubeconfig() {
  local user=$1 groups=$2 subject="" group work
  # A slash separates the parts of a subject unless it is escaped.
  for group in $groups; do subject+="/O=${group//\//\\/}"; done
  [[ -s $pki_dir/ca.key ]] || die "the $profile cluster has no certificate authority in $pki_dir: run \"deploy/local/cluster up --profile $profile\" first"
  work=$(mktemp -d)
  make_certificate "$work/user" "$subject/CN=${user//\//\\/}" clientAuth
  make_kubeconfig "$work/kubeconfig" "$work/user"
  cat "$work/kubeconfig"
  rm -rf "$work"
}
