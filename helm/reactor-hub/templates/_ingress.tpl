{{/*
An Ingress of one face. Call with a map: root, face ("http" or "grpc"), service, port, paths, annotations (the preset's).
*/}}
{{- define "reactor-hub.ingress" -}}
{{- $root := .root -}}
{{- $values := index $root.Values.ingress .face -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "reactor-hub.metadata" (dict "root" $root "suffix" (printf "-%s" .face) "component" .face "labels" $values.labels "annotations" (list .annotations $values.annotations)) | nindent 2 }}
spec:
  {{- with $values.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $values.tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- $paths := .paths }}
    {{- $service := .service }}
    {{- $port := .port }}
    {{- range $values.hosts }}
    - host: {{ . | quote }}
      http:
        paths:
          {{- range $paths }}
          - path: {{ .path }}
            pathType: {{ .type }}
            backend:
              service:
                name: {{ $service }}
                port:
                  name: {{ $port }}
          {{- end }}
    {{- end }}
{{- end -}}
