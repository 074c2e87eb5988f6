#!/bin/sh
# Reports a training of five epochs with nothing but curl. Usage: sh report.sh http://127.0.0.1:8081
set -e
url="${1:-http://127.0.0.1:8081}/api/v1/runs"

run=$(curl -sf "$url" -H 'content-type: application/json' \
  -d '{"origin":"external","name":"from a shell","model":"my-gan","total_epochs":5}' |
  sed 's/.*"id":"\([0-9a-f-]*\)".*/\1/')

epoch=1
while [ "$epoch" -le 5 ]; do
  echo "{\"type\":\"training_update\",\"data\":{\"epoch\":$epoch,\"generator_loss\":0.$((90 - epoch)),\"discriminator_loss\":1.$epoch}}"
  echo "{\"type\":\"progress\",\"data\":{\"epoch\":$epoch,\"progress_percent\":$((epoch * 20))}}"
  epoch=$((epoch + 1))
done | curl -sf "$url/$run/events" -H 'content-type: application/x-ndjson' -T - -X POST
echo
curl -sf "$url/$run/events" -H 'content-type: application/json' \
  -d '[{"type":"training_complete","data":{"status":"completed"}}]'
echo
