#!/usr/bin/env bash
# Whether a gateway serves: ready within two minutes, and a list without an error. Usage: smoke.sh ADDRESS, with a key in SMOKE_KEY.
set -euo pipefail
address=${1:?usage: smoke.sh ADDRESS}

for attempt in $(seq 60); do
  if curl --fail --silent --show-error --max-time 5 "$address/readyz"; then break; fi
  if [ "$attempt" = 60 ]; then
    echo "$address is not ready" >&2
    exit 1
  fi
  sleep 2
done

key=()
if [ -n "${SMOKE_KEY:-}" ]; then key=(--header "x-api-key: $SMOKE_KEY"); fi
answer=$(curl --fail --silent --show-error --max-time 15 "${key[@]}" --header 'content-type: application/json' \
  --data '{"query":"query Smoke { recommendations(userId: \"smoke-test\", first: 1) { recommendationId segment } }"}' "$address/graphql")
echo "$answer"
case $answer in
  *'"errors"'*) exit 1 ;;
  *'"recommendationId"'*) ;;
  *) exit 1 ;;
esac
