{{- define "burnbag.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "burnbag.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "burnbag.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "burnbag.selectorLabels" -}}
app.kubernetes.io/name: {{ include "burnbag.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "burnbag.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "burnbag.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "burnbag.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "burnbag.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "burnbag.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "burnbag.secretName" -}}
{{- default (include "burnbag.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* The entry of the Secret that holds a setting; empty when there is none. Call with (list . "REDIS_URL"). */}}
{{- define "burnbag.secretEntry" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $isS3 := hasPrefix "S3_" $name -}}
{{- if and $isS3 (ne $root.Values.blobStore.type "s3") -}}
{{- else if $root.Values.secrets.existingSecret -}}
{{- index $root.Values.secrets.entries $name -}}
{{- else if index $root.Values.secrets.create $name -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* The settings that a replica reads from files of the mounted Secret. BURNBAG_KEYS is none of them: see deployment.yaml. */}}
{{- define "burnbag.secretFiles" -}}
REDIS_URL REDIS_URLS REDIS_PASSWORD DATABASE_URL VAULT_TOKEN OIDC_CLIENT_SECRET ADMIN_PASSWORD_HASH OTEL_EXPORTER_OTLP_HEADERS S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY
{{- end -}}

{{/* "yes" when something that must outlive the pod lies in DATA_DIR. */}}
{{- define "burnbag.keepsData" -}}
{{- if or (eq .Values.blobStore.type "disk") (not (include "burnbag.secretEntry" (list . "DATABASE_URL"))) -}}yes{{- end -}}
{{- end -}}

{{/* The most replicas that there may be at once. */}}
{{- define "burnbag.mostReplicas" -}}
{{- if .Values.autoscaling.enabled -}}{{ .Values.autoscaling.maxReplicas }}{{- else -}}{{ .Values.replicaCount }}{{- end -}}
{{- end -}}
