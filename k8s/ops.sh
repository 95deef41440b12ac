#!/usr/bin/env bash
# Runs a command of `quittance-ops` as a Job of its own, shows what it says, ends as it ends, and leaves nothing behind.
#   k8s/ops.sh ledger
#   NAMESPACE=quittance-dev k8s/ops.sh find --message 900619746936498440
# What stands on this command line stands in the Job too, and in the audit log of the cluster.
set -euo pipefail
if (($# == 0)); then set -- help; fi
namespace=${NAMESPACE:-quittance}
job=quittance-ops-$(date +%s)-$$

arguments='["ops"'
for argument in "$@"; do
  argument=${argument//\\/\\\\}
  arguments+=",\"${argument//\"/\\\"}\""
done
arguments+=']'

kubectl create job "$job" --namespace "$namespace" --from cronjob/quittance-ops --dry-run=client --output json |
  kubectl patch --local --filename - --type json --output json \
    --patch "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/args\", \"value\": $arguments}]" |
  kubectl create --namespace "$namespace" --filename - > /dev/null
trap 'kubectl delete job "$job" --namespace "$namespace" --wait=false > /dev/null' EXIT

state() {
  kubectl get pods --namespace "$namespace" --selector "job-name=$job" \
    --output 'jsonpath={.items[*].status.containerStatuses[0].state}'
}

waited=0
until [[ $(state) =~ running|terminated ]]; do
  if ((waited++ == 300)); then
    echo "it has not begun after five minutes: $(state)" >&2
    exit 2
  fi
  sleep 1
done
kubectl logs "job/$job" --namespace "$namespace" --follow
until [[ $(state) =~ \"exitCode\":([0-9]+) ]]; do sleep 0.5; done
exit "${BASH_REMATCH[1]}"
