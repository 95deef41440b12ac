#!/usr/bin/env bash
# Builds every overlay with kustomize, and checks it with kubeconform where that is installed. With a cluster at hand
# (`--server`) its API server judges too: nothing is stored, but namespaces and custom resources must be known to it.
#   k8s/validate.sh [--server]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

build() {
  if command -v kustomize > /dev/null; then kustomize build "$1"; else kubectl kustomize "$1"; fi
}

for folder in overlays/dev overlays/production strimzi; do
  manifests=$(build "$folder")
  echo "$folder: $(grep -c '^kind:' <<< "$manifests") objects"
  if command -v kubeconform > /dev/null; then
    kubeconform -strict -summary -ignore-missing-schemas ${SCHEMAS:+-schema-location "$SCHEMAS"} <<< "$manifests"
  fi
  if [[ ${1:-} == --server ]]; then
    kubectl apply --dry-run=server --validate=strict -f - <<< "$manifests"
  fi
done
