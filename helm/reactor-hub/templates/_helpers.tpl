{{/* The chart's name, as a label. */}}
{{- define "reactor-hub.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
The name that every object's name begins with. At most 47 characters, so that what is added to it
("-headless", "-test-publish", a pod's ordinal and the hash of a revision) stays within 63.
*/}}
{{- define "reactor-hub.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 47 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "reactor-hub.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 47 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 47 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the hub's pods are found by. Never changes during a release's life: a StatefulSet's selector cannot. */}}
{{- define "reactor-hub.selectorLabels" -}}
app.kubernetes.io/name: {{ include "reactor-hub.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: hub
{{- end -}}

{{/*
The labels of an object. Call with a list: the root, the component, and labels of this object alone.
*/}}
{{- define "reactor-hub.labels" -}}
{{- $root := index . 0 -}}
{{- $labels := dict
  "app.kubernetes.io/name" (include "reactor-hub.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/component" (index . 1)
  "app.kubernetes.io/version" ($root.Chart.AppVersion | replace "+" "_")
  "app.kubernetes.io/managed-by" $root.Release.Service
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_")
-}}
{{- toYaml (mergeOverwrite (deepCopy $root.Values.commonLabels) (deepCopy (index . 2 | default dict)) $labels) -}}
{{- end -}}

{{/* Annotations, a later map winning over an earlier one; nothing when there are none. Call with a list: the root, then maps. */}}
{{- define "reactor-hub.annotations" -}}
{{- $annotations := deepCopy (index . 0).Values.commonAnnotations -}}
{{- range (rest .) -}}
{{- $annotations = mergeOverwrite $annotations (deepCopy (. | default dict)) -}}
{{- end -}}
{{- with $annotations -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/*
The metadata of an object. Call with a map: root, component, and as needed
name, or else suffix (added to the name of the release), namespace, labels, annotations (a list of maps).
*/}}
{{- define "reactor-hub.metadata" -}}
name: {{ default (printf "%s%s" (include "reactor-hub.fullname" .root) (default "" .suffix)) .name }}
namespace: {{ default .root.Release.Namespace .namespace }}
labels:
  {{- include "reactor-hub.labels" (list .root .component .labels) | nindent 2 }}
{{- with include "reactor-hub.annotations" (concat (list .root) (default list .annotations)) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "reactor-hub.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "reactor-hub.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The image: by digest when there is one. */}}
{{- define "reactor-hub.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Whole numbers: Helm reads those of values as floating point ones. */}}
{{- define "reactor-hub.httpPort" -}}
{{- int (index .Values.config "server.port") -}}
{{- end -}}

{{- define "reactor-hub.grpcPort" -}}
{{- int (index .Values.config "grpc.port") -}}
{{- end -}}

{{/* Whether the log is on a disk: "true", or nothing when it is in memory. */}}
{{- define "reactor-hub.hasDisk" -}}
{{- if ne (index .Values.config "log.durability") "memory" -}}true{{- end -}}
{{- end -}}

{{/* Seconds, rounded up, of one of the hub's durations: "90s", "500ms", "PT1M30S", 0. */}}
{{- define "reactor-hub.seconds" -}}
{{- $text := toString . | upper -}}
{{- if regexMatch "^[0-9]+MS$" $text -}}
{{- $millis := trimSuffix "MS" $text | int64 -}}
{{- div (add $millis 999) 1000 -}}
{{- else -}}
{{- $total := 0 -}}
{{- range $unit, $factor := dict "D" 86400 "H" 3600 "M" 60 "S" 1 -}}
{{- $amount := regexFind (printf "[0-9]+(\\.[0-9]+)?%s" $unit) $text | trimSuffix $unit -}}
{{- with $amount -}}
{{- $total = add $total (mul (ceil (float64 .) | int64) $factor) -}}
{{- end -}}
{{- end -}}
{{- $total -}}
{{- end -}}
{{- end -}}

{{/* Bytes of a quantity of Kubernetes ("8Gi", "500M") or of one of the hub's sizes ("4GiB", 4096). */}}
{{- define "reactor-hub.bytes" -}}
{{- if kindIs "float64" . -}}
{{- int64 . -}}
{{- else -}}
{{- $text := toString . | trimSuffix "B" -}}
{{- $amount := regexFind "^[0-9]+(\\.[0-9]+)?" $text -}}
{{- $factors := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "P" 1000000000000000
  "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 -}}
{{- mulf (float64 $amount) (get $factors (trimPrefix $amount $text | trim)) | int64 -}}
{{- end -}}
{{- end -}}

{{/* Within so many seconds a hub that was asked to stop has ended: drain.grace, or its default. */}}
{{- define "reactor-hub.drainSeconds" -}}
{{- include "reactor-hub.seconds" (index .Values.config "drain.grace" | default "25s") -}}
{{- end -}}

{{/* 5 s more than the hub takes at most, so that it is never killed while it closes its log. */}}
{{- define "reactor-hub.gracePeriodSeconds" -}}
{{- if kindIs "invalid" .Values.terminationGracePeriodSeconds -}}
{{- add (include "reactor-hub.drainSeconds" .) 5 -}}
{{- else -}}
{{- int .Values.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{/* What both ports of the hub share in their Services. Call with a list: the root, the values of the Service. */}}
{{- define "reactor-hub.serviceSpec" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
type: {{ $service.type }}
{{- with $root.Values.service.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with $root.Values.service.ipFamilies }}
ipFamilies:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if eq $service.type "LoadBalancer" }}
{{- with $service.loadBalancerClass }}
loadBalancerClass: {{ . }}
{{- end }}
{{- with $service.loadBalancerSourceRanges }}
loadBalancerSourceRanges:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- if and (ne $service.type "ClusterIP") $service.externalTrafficPolicy }}
externalTrafficPolicy: {{ $service.externalTrafficPolicy }}
{{- end }}
selector:
  {{- include "reactor-hub.selectorLabels" $root | nindent 2 }}
{{- end -}}

{{/* What both containers of "helm test" share. */}}
{{- define "reactor-hub.testContainer" -}}
image: {{ include "reactor-hub.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
{{- with .Values.tests.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end -}}
