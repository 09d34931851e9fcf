#!/bin/sh
# Checks the chart: lint and rendering of every example in ci/ for old and new Kubernetes, each against its schemas.
# Needs helm and kubernetes-validate (pip), which `npm test` does not; docs/adr/0031-operations.md says where they came from.
set -eu
chart=$(dirname "$0")/burnbag
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Those schemas know Kubernetes' own kinds only, and a ServiceMonitor belongs to an operator.
without_operators() {
  awk 'BEGIN { RS = "---\n"; ORS = "---\n" } !/kind: ServiceMonitor/'
}

for values in "$chart"/ci/*-values.yaml; do
  helm lint --strict --quiet "$chart" -f "$values"
  for version in 1.25.0 1.29.0 1.33.0 1.37.0; do
    echo "$(basename "$values"), Kubernetes $version"
    helm template burnbag "$chart" -f "$values" --namespace burnbag --kube-version "$version" |
      without_operators > "$work/rendered.yaml"
    kubernetes-validate --strict --quiet -k "$version" "$work/rendered.yaml"
  done
done
