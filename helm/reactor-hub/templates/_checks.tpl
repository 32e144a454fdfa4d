{{/*
What cannot work is refused, all of it at once, each with what to do. The schema has refused before what
is no value at all.
*/}}
{{- define "reactor-hub.check" -}}
{{- $problems := list -}}
{{- $config := .Values.config -}}

{{- if gt (int .Values.replicas) 1 -}}
{{- $problems = append $problems (printf "replicas is %d: the embedded log belongs to one hub, so there can be 1, or 0 for none" (int .Values.replicas)) -}}
{{- end -}}

{{- $drain := include "reactor-hub.drainSeconds" . | int -}}
{{- $grace := include "reactor-hub.gracePeriodSeconds" . | int -}}
{{- if le $grace $drain -}}
{{- $problems = append $problems (printf "terminationGracePeriodSeconds is %d, but the hub may take %d s to stop (config drain.grace) and would be killed meanwhile: make it longer than that, or leave it out" $grace $drain) -}}
{{- end -}}

{{- $delay := include "reactor-hub.seconds" (index $config "drain.delay" | default "0s") | int -}}
{{- if lt $drain (add $delay 10 | int) -}}
{{- $problems = append $problems (printf "config drain.delay is %s, but drain.grace is %s: the hub does not start unless that is 10 s longer" (index $config "drain.delay" | default "0s" | toString) (index $config "drain.grace" | default "25s" | toString)) -}}
{{- end -}}

{{- if eq (include "reactor-hub.httpPort" .) (include "reactor-hub.grpcPort" .) -}}
{{- $problems = append $problems (printf "config server.port and grpc.port are both %s: each needs a port of its own" (include "reactor-hub.httpPort" .)) -}}
{{- end -}}
{{- if has (index $config "data.dir" | clean) (list "/tmp" "/etc/reactorhub") -}}
{{- $problems = append $problems (printf "config data.dir is %s, where the chart mounts another volume: leave it at /data" (index $config "data.dir")) -}}
{{- end -}}
{{- if has (index $config "server.host" | toString) (list "127.0.0.1" "localhost" "::1") -}}
{{- $problems = append $problems (printf "config server.host is %s: nothing outside the pod, probes included, would reach the hub; leave it at 0.0.0.0, or set it to ::" (index $config "server.host")) -}}
{{- end -}}

{{- if and (include "reactor-hub.hasDisk" .) (not .Values.persistence.existingClaim) -}}
{{- $size := include "reactor-hub.bytes" .Values.persistence.size | int64 -}}
{{- $kept := include "reactor-hub.bytes" (index $config "log.retention.bytes") | int64 -}}
{{- if lt $size (add $kept 1073741824) -}}
{{- $problems = append $problems (printf "persistence.size is %s, but the log may take %s (config log.retention.bytes) and needs 1Gi beside it for write-ahead files and compaction: make the volume larger, or keep less" .Values.persistence.size (index $config "log.retention.bytes" | toString)) -}}
{{- end -}}
{{- end -}}

{{- $memory := dig "limits" "memory" "" .Values.resources | toString -}}
{{- if and (not (include "reactor-hub.hasDisk" .)) (regexMatch "^[0-9]+(\\.[0-9]+)?([kMGTP]|[KMGTP]i)?$" $memory) -}}
{{- $kept := include "reactor-hub.bytes" (index $config "log.retention.bytes") | int64 -}}
{{- $most := div (include "reactor-hub.bytes" $memory | int64) 4 -}}
{{- if or (eq $kept 0) (gt $kept $most) -}}
{{- $problems = append $problems (printf "config log.durability is memory, and log.retention.bytes %s: of resources.limits.memory, %s, Java takes half, and the log may have half of that; keep %dMiB or less, or raise the limit" (index $config "log.retention.bytes" | toString) $memory (div $most 1048576)) -}}
{{- end -}}
{{- end -}}

{{- $silence := include "reactor-hub.seconds" (index $config "web.heartbeat" | default "25s") | int -}}
{{- if and (or .Values.ingress.http.enabled .Values.ingress.grpc.enabled) (hasPrefix "nginx" (trimPrefix "ingress-" .Values.ingress.controller)) (le (int .Values.ingress.timeoutSeconds) $silence) -}}
{{- $problems = append $problems (printf "ingress.timeoutSeconds is %d, but a connection may be silent for %d s (config web.heartbeat) and would be cut: make it longer than that" (int .Values.ingress.timeoutSeconds) $silence) -}}
{{- end -}}

{{- range $face := list "http" "grpc" -}}
{{- with index $.Values.ingress $face -}}
{{- if and .enabled (not .hosts) -}}
{{- $problems = append $problems (printf "ingress.%s.enabled is true, but ingress.%s.hosts is empty: name the host that clients use" $face $face) -}}
{{- end -}}
{{- end -}}
{{- with index $.Values.gateway $face -}}
{{- if and .enabled (not .parentRefs) -}}
{{- $problems = append $problems (printf "gateway.%s.enabled is true, but gateway.%s.parentRefs is empty: name the Gateway that the route belongs to" $face $face) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.ingress.http.enabled .Values.ingress.grpc.enabled -}}
{{- range .Values.ingress.grpc.hosts -}}
{{- if has . $.Values.ingress.http.hosts -}}
{{- $problems = append $problems (printf "%s is in ingress.http.hosts and in ingress.grpc.hosts: gRPC needs a host of its own" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- with .Values.podDisruptionBudget -}}
{{- if .enabled -}}
{{- $both := and (not (kindIs "invalid" .minAvailable)) (not (kindIs "invalid" .maxUnavailable)) -}}
{{- $neither := and (kindIs "invalid" .minAvailable) (kindIs "invalid" .maxUnavailable) -}}
{{- if or $both $neither -}}
{{- $problems = append $problems "podDisruptionBudget takes one of minAvailable and maxUnavailable: set the other to null" -}}
{{- /* Of one hub, any part rounded up is all of it. */ -}}
{{- else if or (not (has (toString (default 0 .minAvailable)) (list "0" "0%"))) (has (toString .maxUnavailable) (list "0" "0%")) -}}
{{- $problems = append $problems "podDisruptionBudget allows no eviction of the one hub, so that no node could ever be drained: set maxUnavailable to 1" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- with .Values.monitoring.serviceMonitor -}}
{{- if and .enabled (gt (include "reactor-hub.seconds" .scrapeTimeout | int) (include "reactor-hub.seconds" .interval | int)) -}}
{{- $problems = append $problems (printf "monitoring.serviceMonitor.scrapeTimeout is %s, longer than its interval, %s, which Prometheus refuses: make it shorter" .scrapeTimeout .interval) -}}
{{- end -}}
{{- end -}}

{{- range .Values.extraEnv -}}
{{- if has .name (list "REACTORHUB_CONFIG" "REACTORHUB_DATA_DIR" "REACTORHUB_SERVER_HOST" "REACTORHUB_SERVER_PORT" "REACTORHUB_GRPC_PORT" "REACTORHUB_DRAIN_GRACE" "REACTORHUB_LOG_DURABILITY") -}}
{{- $problems = append $problems (printf "extraEnv sets %s, behind the back of the chart, which derives ports, volumes and the grace period from its setting: use config" .name) -}}
{{- end -}}
{{- end -}}

{{- if .Values.monitoring.prometheusRule.enabled -}}
{{- $alerts := list -}}
{{- range (.Files.Get "files/alerts.yaml" | fromYaml).groups -}}
{{- range .rules -}}
{{- $alerts = append $alerts .alert -}}
{{- end -}}
{{- end -}}
{{- range .Values.monitoring.prometheusRule.disabled -}}
{{- if not (has . $alerts) -}}
{{- $problems = append $problems (printf "monitoring.prometheusRule.disabled names %s: there is no such alert" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- with $problems -}}
{{- printf "\n\nThese values cannot work:\n- %s\n" (join "\n- " .) | fail -}}
{{- end -}}
{{- end -}}
