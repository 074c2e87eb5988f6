# sh curl.sh http://localhost:8081
curl --silent --no-buffer "$1/events?last_event_id=0" | sed -un 's/^data: //p'
