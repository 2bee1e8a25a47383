{{/* The labels of the objects of one part: (list root name). */}}
{{- define "shop.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ $root.Values.version | quote }}
{{- end }}

{{/* A Deployment of one part: (list root name replicas). The web server has the volume shop-files where somebody has made it. */}}
{{- define "shop.deployment" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $files := and (eq $name "web") (lookup "v1" "PersistentVolumeClaim" $root.Release.Namespace "shop-files") -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  replicas: {{ index . 2 }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ $name }}
  template:
    metadata:
      labels:
        {{- include "shop.labels" . | nindent 8 }}
      annotations:
        # New settings make new Pods, since a running one has read the old.
        checksum/settings: {{ include (print $root.Template.BasePath "/settings.yaml") $root | sha256sum }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile:
          type: RuntimeDefault
      containers:
      - name: {{ $name }}
        image: localhost/mainstay/example-shop:{{ $root.Values.version }}
        imagePullPolicy: IfNotPresent
        args: [{{ $name }}]
        envFrom:
        - configMapRef:
            name: shop-settings
        {{- if $files }}
        env:
        - name: SHOP_FILES
          value: /var/lib/shop
        {{- end }}
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet:
            path: /ready
            port: http
          periodSeconds: 2
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
        # Far more than it needs: "shop fault" uses up nearly all of it, and leaves room for the program that ends that.
        resources:
          requests:
            cpu: 10m
            memory: 16Mi
          limits:
            cpu: 250m
            memory: 320Mi
        {{- if $files }}
        volumeMounts:
        - name: files
          mountPath: /var/lib/shop
      volumes:
      - name: files
        persistentVolumeClaim:
          claimName: shop-files
        {{- end }}
{{- end }}
