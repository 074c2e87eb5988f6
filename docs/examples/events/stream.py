# python3 stream.py http://localhost:8081
import http.client, json, random, sys, time, urllib.request

cursor, seen = "0", {}
while True:
    try:
        request = urllib.request.Request(f"{sys.argv[1]}/events", headers={"Last-Event-ID": cursor})
        with urllib.request.urlopen(request, timeout=45) as stream:  # a heartbeat comes every 15 s
            frame = {}
            for line in stream:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field:
                    frame[field] = value
                    continue
                message = json.loads(frame.get("data", "{}"))
                cursor, frame = frame.get("id", cursor), {}
                if message.get("seq", 0) > seen.get(message.get("run_id"), 0):
                    seen[message["run_id"]] = message["seq"]
                    print(message["type"], message["run_id"], message["seq"], flush=True)
    except (OSError, http.client.HTTPException) as error:
        print(f"{error!r}; connecting again", file=sys.stderr)
    time.sleep(1 + 2 * random.random())
