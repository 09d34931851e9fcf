{{/* What would start and then lose or split data is refused here, with what to set. */}}
{{- define "burnbag.checks" -}}
{{- $v := .Values -}}
{{- if not $v.publicUrl -}}
{{- fail "publicUrl must be set: links are made from it" -}}
{{- end -}}
{{- range $name, $value := $v.secrets.create -}}
{{- if and $v.secrets.existingSecret $value -}}
{{- fail (printf "secrets.existingSecret and secrets.create.%s exclude each other" $name) -}}
{{- end -}}
{{- end -}}
{{- if not (include "burnbag.secretEntry" (list . "BURNBAG_KEYS")) -}}
{{- fail "BURNBAG_KEYS is required: set secrets.existingSecret, or secrets.create.BURNBAG_KEYS (the image makes no key)" -}}
{{- end -}}
{{- $mode := default "single" $v.settings.REDIS_MODE -}}
{{- $place := ternary "REDIS_URL" "REDIS_URLS" (eq $mode "single") -}}
{{- $other := ternary "REDIS_URLS" "REDIS_URL" (eq $mode "single") -}}
{{- if not (include "burnbag.secretEntry" (list . $place)) -}}
{{- fail (printf "%s is required where settings.REDIS_MODE is %s: name it in secrets.entries, or set secrets.create.%s (the image brings no Redis)" $place $mode $place) -}}
{{- end -}}
{{- if include "burnbag.secretEntry" (list . $other) -}}
{{- fail (printf "%s is not read where settings.REDIS_MODE is %s: leave its entry empty" $other $mode) -}}
{{- end -}}
{{- if ne (empty (include "burnbag.secretEntry" (list . "S3_ACCESS_KEY_ID"))) (empty (include "burnbag.secretEntry" (list . "S3_SECRET_ACCESS_KEY"))) -}}
{{- fail "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both or neither" -}}
{{- end -}}
{{- if and (eq $v.blobStore.type "s3") (not $v.blobStore.bucket) -}}
{{- fail "blobStore.bucket must be set for blobStore.type s3" -}}
{{- end -}}
{{- if gt (int (include "burnbag.mostReplicas" .)) 1 -}}
{{- if eq $v.blobStore.type "disk" -}}
{{- fail "several replicas need blobStore.type s3: a file on one replica's disk is missing on the others" -}}
{{- end -}}
{{- if not (include "burnbag.secretEntry" (list . "DATABASE_URL")) -}}
{{- fail "several replicas need DATABASE_URL: an embedded database belongs to one of them" -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := $v.settings -}}
{{- if or (has $name (list "NODE_ENV" "HOST" "PORT" "DATA_DIR" "PUBLIC_URL" "TRUST_PROXY" "LOG_LEVEL" "SHUTDOWN_DELAY_SECONDS" "SHUTDOWN_DRAIN_SECONDS" "BLOB_STORE")) (hasPrefix "S3_" $name) -}}
{{- fail (printf "settings.%s: the chart has a value of its own for it" $name) -}}
{{- end -}}
{{- if or (has $name (list "BURNBAG_KEYS" "REDIS_URL" "REDIS_URLS" "DATABASE_URL")) (regexMatch "(SECRET|TOKEN|PASSWORD(_HASH)?)$" $name) -}}
{{- fail (printf "settings.%s is a secret: a ConfigMap is no place for it" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
