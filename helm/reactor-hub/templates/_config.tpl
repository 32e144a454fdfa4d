{{/* The hub's settings file: one key a line, in the order of the alphabet. */}}
{{- define "reactor-hub.configYaml" -}}
{{- $settings := dict -}}
{{- range $key, $value := .Values.config -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $settings $key (ternary (int64 $value) $value (kindIs "float64" $value)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}
