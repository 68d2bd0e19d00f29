{{/* Names. */}}
{{- define "starling.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "starling.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "starling.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "starling.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "starling.selector" -}}
app.kubernetes.io/name: {{ include "starling.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "starling.labels" -}}
{{ include "starling.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "starling.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "starling.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "starling.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end }}

{{/* Whether nodes share ScyllaDB and Redis; otherwise there is one node with a disk. */}}
{{- define "starling.isCluster" -}}
{{- if eq (index .Values.settings "storage.kind" | default "sqlite") "scylla" -}}yes{{- end -}}
{{- end }}

{{/* Whether uploads are in storage that speaks S3. */}}
{{- define "starling.isS3" -}}
{{- if eq (index .Values.settings "files.kind" | default "folder") "s3" -}}yes{{- end -}}
{{- end }}

{{/* Whether nodes mount one folder of uploads. */}}
{{- define "starling.isShared" -}}
{{- if or .Values.uploads.create .Values.uploads.existingClaim -}}yes{{- end -}}
{{- end }}

{{/* The variable of a setting. Numbers come from values as floats: 10000 must not become 1e+04. */}}
{{- define "starling.variable" -}}
STARLING_{{ . | replace "." "_" | upper }}
{{- end }}

{{- define "starling.value" -}}
{{- if kindIs "float64" . -}}
{{- if eq (floor .) . -}}{{ int64 . | toString }}{{- else -}}{{ . | toString }}{{- end -}}
{{- else -}}
{{- . | toString -}}
{{- end -}}
{{- end }}

{{/* Seconds from the end of preStop to the end of a drain. */}}
{{- define "starling.graceSeconds" -}}
{{- $drainMs := index .Values.settings "server.drain_ms" | default 10000 | int64 -}}
{{- add .Values.preStopSeconds (div (add $drainMs 999) 1000) 10 -}}
{{- end }}

{{/* What cannot be said by the schema. */}}
{{- define "starling.check" -}}
{{- if not .Values.secrets.existingSecret -}}
{{- fail "secrets.existingSecret must name a Secret with the keys of secrets.keys; deploy/README.md has the command that makes it" -}}
{{- end -}}
{{- range $setting, $key := .Values.secrets.keys -}}
{{- if hasKey $.Values.settings $setting -}}
{{- fail (printf "settings.%s is a secret: it is read from the key %s of the Secret" $setting $key) -}}
{{- end -}}
{{- end -}}
{{- if include "starling.isS3" . -}}
{{- if not (hasKey .Values.secrets.keys "files.s3.secret_key") -}}
{{- fail "settings.files.kind=s3 needs secrets.keys files.s3.access_key and files.s3.secret_key" -}}
{{- end -}}
{{- else if and (include "starling.isCluster" .) (not (include "starling.isShared" .)) -}}
{{- fail "uploads need settings.files.kind=s3, or a claim that all nodes mount: uploads.create or uploads.existingClaim" -}}
{{- end -}}
{{- if not (include "starling.isCluster" .) -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) -}}
{{- fail "more than one node needs settings.storage.kind=scylla" -}}
{{- end -}}
{{- end -}}
{{- end }}
