#!/bin/sh
# Checks the chart: lint and rendering of every example in ci/ for old and new Kubernetes, each against its schemas.
# Needs helm and kubeconform, which `npm test` does not; docs/adr/0031-operations.md says where they came from.
#   SCHEMAS  folder of schemas by version, as the Python package kubernetes-validate brings it; empty: kubeconform's own place
#   CRDS     folder with servicemonitor_v1.json; empty: the ServiceMonitor is left out
set -eu
chart=$(dirname "$0")/burnbag
# kubeconform looks into no file that is not named so.
rendered=$(mktemp -d)/rendered.yaml
trap 'rm -rf "$(dirname "$rendered")"' EXIT

if [ -n "${SCHEMAS:-}" ]; then
  set -- -schema-location "$SCHEMAS/{{.NormalizedKubernetesVersion}}-local-strict/{{.ResourceKind}}{{.KindSuffix}}.json"
else
  set -- -schema-location default
fi
if [ -n "${CRDS:-}" ]; then
  set -- "$@" -schema-location "$CRDS/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
else
  set -- "$@" -skip ServiceMonitor
fi

for values in "$chart"/ci/*-values.yaml; do
  helm lint --strict --quiet "$chart" -f "$values"
  for version in 1.25.0 1.29.0 1.33.0 1.37.0; do
    echo "$(basename "$values"), Kubernetes $version"
    helm template burnbag "$chart" -f "$values" --namespace burnbag --kube-version "$version" > "$rendered"
    kubeconform -strict -summary -kubernetes-version "$version" "$@" "$rendered"
  done
done
