#!/usr/bin/env bash
# bash train.sh http://127.0.0.1:8081 prices.csv synthetic.csv '{"epochs": 20}'
# Uploads a table, trains on it, follows the training by its event stream, and saves 1,000 synthetic rows.
set -euo pipefail
url=${1:-http://127.0.0.1:8081} source=${2:-prices.csv} target=${3:-synthetic.csv} config=${4:-{\}}

authorization=()
if [[ -n ${GAN_DASHBOARD_TOKEN:-} ]]; then authorization=(--header "Authorization: Bearer $GAN_DASHBOARD_TOKEN"); fi

ask() { # path, then options of curl
  curl --silent --show-error --fail-with-body "${authorization[@]}" "$url$1" "${@:2}"
}
field() { # the first string of that name in a JSON text; jq does it better where it is installed
  local text
  text=$(cat)
  [[ $text =~ \"$1\":\"([^\"]*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"
}
ready() { # path
  local status=
  until [[ $status == ready ]]; do
    status=$(ask "$1" | field status)
    if [[ $status == failed ]]; then ask "$1" >&2 && exit 1; fi
    sleep 0.5
  done
}

follow() { # run; the connection is made again with the place of the last event
  local status=queued cursor= line place
  until [[ $status == completed || $status == stopped || $status == failed ]]; do
    place=()
    if [[ -n $cursor ]]; then place=(--header "Last-Event-ID: $cursor"); fi
    while IFS= read -r line; do
      if [[ $line == 'id: '* ]]; then cursor=${line#id: }; fi
      if [[ $line == *'"type":"training_update"'* && $line =~ \"epoch\":([0-9]+) ]]; then echo "epoch ${BASH_REMATCH[1]}"; fi
      if [[ $line == *'"type":"status_update"'* ]]; then status=$(field status <<<"$line"); fi
      if [[ $status == completed || $status == stopped || $status == failed ]]; then break; fi
    done < <(exec curl --silent --no-buffer "${authorization[@]}" "${place[@]}" "$url/events?run=$1&channels=training")
    kill $! 2>/dev/null || sleep 1 # it has ended by itself: the connection was lost
  done
  echo "$status"
  [[ $status != failed ]]
}

dataset=$(ask /api/v1/datasets --form "file=@$source;type=text/csv" | field id)
ready "/api/v1/datasets/$dataset"
run=$(ask /api/v1/runs --json "{\"dataset_id\":\"$dataset\",\"model\":\"wgan-gp\",\"config\":$config}" | field id)
echo "run $run"
follow "$run"
sample=$(ask "/api/v1/runs/$run/samples" --json '{"rows":1000,"seed":42}' | field id)
ready "/api/v1/samples/$sample"
ask "/api/v1/samples/$sample/file" --output "$target"
echo "saved $target"
