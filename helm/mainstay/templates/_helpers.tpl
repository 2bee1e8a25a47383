{{/* Name of the release's objects in its own namespace: the release's name, with "mainstay" in it. */}}
{{- define "mainstay.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | trunc 43 | trimSuffix "-") .Chart.Name -}}
{{- end -}}
{{- end -}}

{{/* Name of objects outside the release's namespace: no other release has it, whatever its name and namespace. */}}
{{- define "mainstay.qualifiedName" -}}
{{- printf "%s:%s" .Release.Namespace (include "mainstay.fullname" .) -}}
{{- end -}}

{{- define "mainstay.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "mainstay.fullname" .) -}}
{{- end -}}

{{- define "mainstay.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "mainstay.labels" -}}
{{ include "mainstay.selectorLabels" . }}
app.kubernetes.io/part-of: mainstay
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Reference of an image: (dict "image" <values> "registry" <string> "tag" <string>). */}}
{{- define "mainstay.image" -}}
{{- $path := printf "%s:%s" .image.repository (.image.tag | default .tag) -}}
{{- if .registry -}}{{ printf "%s/%s" .registry $path }}{{- else -}}{{ $path }}{{- end -}}
{{- end -}}

{{/* What the schema can't say in words that help. */}}
{{- define "mainstay.validate" -}}
{{- if eq .Values.scope "Namespaces" -}}
{{- if not .Values.watchNamespaces -}}
{{- fail "watchNamespaces is empty: scope Namespaces needs the list of namespaces that this release works in, such as --set 'watchNamespaces={shop}'" -}}
{{- end -}}
{{- if not .Values.clusterId -}}
{{- fail "clusterId is empty: a release of scope Namespaces may not read the uid of the namespace kube-system, so give the cluster a name that no other cluster with the same buckets has and that never changes, such as --set clusterId=prod-1" -}}
{{- end -}}
{{- else if .Values.watchNamespaces -}}
{{- fail "watchNamespaces is set but scope is Cluster: add --set scope=Namespaces, or leave watchNamespaces empty to work in every namespace" -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.name is empty: with serviceAccount.create=false it must name the ServiceAccount that the operator uses" -}}
{{- end -}}
{{- end -}}

{{/* All that the operator may do where it works. Every rule is used; nothing else is needed. */}}
{{- define "mainstay.operatorRules" -}}
- apiGroups: [mainstay.dev]
  resources: [managedapplications, backuppolicies, databasebackups, rollbackrequests, restorerequests, maintenancemodes, runbooks, maintenanceschedules, maintenanceruns, alertrules, notificationchannels]
  verbs: [list, watch]
# A schedule makes runs, and removes finished ones of its own.
- apiGroups: [mainstay.dev]
  resources: [maintenanceruns]
  verbs: [create, delete]
- apiGroups: [mainstay.dev]
  resources: [databasebackups]
  verbs: [get, create, patch, delete]
- apiGroups: [mainstay.dev]
  resources: [rollbackrequests, restorerequests, maintenancemodes, maintenanceruns, alertrules]
  verbs: [get, patch]
# A run does the steps that stand there when it begins, which a watch may not have told yet.
- apiGroups: [mainstay.dev]
  resources: [runbooks]
  verbs: [get]
# What lies in the bucket is attached once, which a watch may not have told yet.
- apiGroups: [mainstay.dev]
  resources: [backuppolicies]
  verbs: [get]
# A step of a run makes one.
- apiGroups: [mainstay.dev]
  resources: [rollbackrequests]
  verbs: [create]
# A restore has one of its own, and a rollback may make one.
- apiGroups: [mainstay.dev]
  resources: [maintenancemodes]
  verbs: [create, delete]
- apiGroups: [mainstay.dev]
  resources: [managedapplications/status, backuppolicies/status, databasebackups/status, rollbackrequests/status, restorerequests/status, maintenancemodes/status, runbooks/status, maintenanceschedules/status, maintenanceruns/status, alertrules/status, notificationchannels/status]
  verbs: [patch]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch]
# Whether an administrator lets steps of runs make Jobs of a template of their own there.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
# A step of a run evicts the Pods of an application's workloads, as far as PodDisruptionBudgets allow.
- apiGroups: [""]
  resources: [pods/eviction]
  verbs: [create]
# How much processor time and memory they use, for alert rules.
- apiGroups: [metrics.k8s.io]
  resources: [pods]
  verbs: [list]
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [list, watch]
# A rollback reads what it changes afresh, and changes the pod template alone. A maintenance page is made and removed.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, create, patch, delete]
# Maintenance mode and restores stop what runs, and give it back as it was.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, patch]
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get, patch]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list]
# Whether there is room for its new Pods.
- apiGroups: [""]
  resources: [resourcequotas]
  verbs: [list]
# Where the application's Services lead after it. Maintenance mode leads them to a page, which has a Service of its own.
- apiGroups: [""]
  resources: [services]
  verbs: [get, create, patch]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [create, patch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list]
# Their minimum is held while a rollback is verified.
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, patch]
# Releases that were seen to work, and what a rollback or a run is to do.
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [get]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, patch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, list, watch, create, update]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- if .Values.certManager.renew }}
# A step of a run asks cert-manager to renew what ends soon, as cmctl renew does.
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [list]
- apiGroups: [cert-manager.io]
  resources: [certificates/status]
  verbs: [patch]
{{- end }}
{{- end -}}

{{/* What people of each role may do: (dict "role" <name> "acknowledges" <whether a policy guards the specs of alertrules>). */}}
{{- define "mainstay.userRules" -}}
- apiGroups: [mainstay.dev]
  resources: [managedapplications, backuppolicies, databasebackups, rollbackrequests, restorerequests, maintenancemodes, runbooks, maintenanceschedules, maintenanceruns, alertrules, notificationchannels]
  verbs: [get, list, watch]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [get, list, watch]
{{- if eq .role "oncall" }}
- apiGroups: [mainstay.dev]
  resources: [databasebackups, rollbackrequests, restorerequests]
  verbs: [create]
# On is one thing, and off another: who may switch it on may switch it off.
- apiGroups: [mainstay.dev]
  resources: [maintenancemodes]
  verbs: [create, patch, delete]
# Who may begin a run may decide on its steps too, by annotations; who may run is not who may write steps.
- apiGroups: [mainstay.dev]
  resources: [maintenanceruns]
  verbs: [create, patch]
{{- if .acknowledges }}
# They acknowledge by an annotation. A policy refuses that who may patch alone changes the spec.
- apiGroups: [mainstay.dev]
  resources: [alertrules]
  verbs: [patch]
{{- end }}
{{- else if eq .role "editor" }}
- apiGroups: [mainstay.dev]
  resources: [managedapplications, backuppolicies, databasebackups, rollbackrequests, restorerequests, maintenancemodes, runbooks, maintenanceschedules, maintenanceruns, alertrules, notificationchannels]
  verbs: [create, update, patch, delete, deletecollection]
{{- end }}
{{- end -}}

{{/* How the operator is set up; the same for what is done before it is uninstalled. */}}
{{- define "mainstay.operatorEnvironment" -}}
- name: MAINSTAY_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: MAINSTAY_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: MAINSTAY_RELEASE
  value: {{ .Release.Name | quote }}
- name: MAINSTAY_WATCH_NAMESPACES
  value: {{ .Values.watchNamespaces | join "," | quote }}
- name: MAINSTAY_RUNNER_IMAGE
  value: {{ include "mainstay.image" (dict "image" .Values.runner.image "registry" (.Values.runner.image.registry | default .Values.image.registry) "tag" .Chart.AppVersion) | quote }}
- name: MAINSTAY_RUNNER_POSTGRES_IMAGE
  value: {{ include "mainstay.image" (dict "image" .Values.runner.postgresImage "registry" (.Values.runner.postgresImage.registry | default .Values.runner.image.registry | default .Values.image.registry) "tag" .Chart.AppVersion) | quote }}
- name: MAINSTAY_RUNNER_IMAGE_PULL_POLICY
  value: {{ .Values.runner.image.pullPolicy | quote }}
{{- with .Values.proxy.http }}
- name: MAINSTAY_JOBS_HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.https }}
- name: MAINSTAY_JOBS_HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.exceptions }}
- name: MAINSTAY_JOBS_NO_PROXY
  value: {{ . | quote }}
{{- end }}
- name: MAINSTAY_CLUSTER_ID
  value: {{ .Values.clusterId | quote }}
- name: MAINSTAY_LEADER_ELECTION
  value: "true"
- name: MAINSTAY_LEASE_NAME
  value: {{ include "mainstay.fullname" . | quote }}
- name: MAINSTAY_LIMIT_JOBS
  value: {{ int .Values.limits.jobs | quote }}
- name: MAINSTAY_LIMIT_JOBS_PER_NAMESPACE
  value: {{ int .Values.limits.jobsPerNamespace | quote }}
- name: MAINSTAY_LIMIT_DUMPS_PER_SERVER
  value: {{ int .Values.limits.dumpsPerServer | quote }}
{{- if and .Values.argocd.namespace (eq .Values.scope "Cluster") }}
- name: MAINSTAY_ARGOCD_NAMESPACE
  value: {{ .Values.argocd.namespace | quote }}
{{- end }}
- name: MAINSTAY_ALLOW_FREE_QUERIES
  value: {{ .Values.alerts.allowFreeQueries | quote }}
- name: MAINSTAY_LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
- name: MAINSTAY_HTTP_PORT
  value: "8080"
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
