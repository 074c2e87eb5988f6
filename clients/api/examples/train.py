# python3 train.py http://127.0.0.1:8081 prices.csv synthetic.csv '{"epochs": 20}'
# Uploads a table, trains on it, follows the training by its event stream, and saves 1,000 synthetic rows.
import http.client, json, os, random, shutil, sys, time, urllib.error, urllib.request, uuid

url, source, target, config = (sys.argv[1:] + ["http://127.0.0.1:8081", "prices.csv", "synthetic.csv", "{}"][len(sys.argv) - 1:])
token = os.environ.get("GAN_DASHBOARD_TOKEN")


def ask(path, body=None, headers={}, timeout=60):
    """An open answer. A refusal ends the program with what it says."""
    request = urllib.request.Request(url.rstrip("/") + path, data=body, headers=dict(headers))
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code >= 500 or error.code == 429:
            raise
        sys.exit(f"{path}: {error.code} {error.read().decode()}")


def call(path, value=None):
    body = None if value is None else json.dumps(value).encode()
    with ask(path, body, {"Content-Type": "application/json"}) as answer:
        return json.load(answer)


def upload(file):
    boundary = uuid.uuid4().hex
    name = os.path.basename(file).replace('"', "%22")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    with open(file, "rb") as rows:
        body = head.encode() + rows.read() + f"\r\n--{boundary}--\r\n".encode()
    with ask("/api/v1/datasets", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}) as answer:
        return json.load(answer)["id"]


def ready(path):
    while (state := call(path))["status"] != "ready":
        if state["status"] == "failed":
            sys.exit(state["error"])
        time.sleep(0.5)


def events(run):
    """Each event of the run once, however often the connection is lost."""
    cursor, seen = None, 0
    while True:
        try:
            headers = {"Last-Event-ID": cursor} if cursor else {}
            with ask(f"/events?run={run}&channels=training", headers=headers, timeout=45) as stream:
                frame = {}
                for line in stream:  # a heartbeat comes every 15 s
                    field, _, value = line.decode().rstrip("\n").partition(": ")
                    if field:
                        frame[field] = value
                        continue
                    cursor, message = frame.get("id", cursor), json.loads(frame.get("data", "{}"))
                    frame = {}
                    if message.get("seq", seen + 1) > seen:
                        seen = message.get("seq", seen)
                        yield message
        except (OSError, http.client.HTTPException) as error:
            print(f"{error!r}; connecting again", file=sys.stderr)
        time.sleep(1 + 2 * random.random())


def follow(run):
    for message in events(run):
        data = message.get("data", {})
        if message.get("type") == "training_update":
            print(f"epoch {data['epoch']}, generator loss {data['generator_loss']}", flush=True)
        if message.get("type") == "status_update" and data["status"] in ("completed", "stopped"):
            return data["status"]
        if message.get("type") == "status_update" and data["status"] == "failed":
            sys.exit(data["message"])


dataset = upload(source)
ready(f"/api/v1/datasets/{dataset}")
run = call("/api/v1/runs", {"dataset_id": dataset, "model": "wgan-gp", "config": json.loads(config)})["id"]
print(f"run {run}", flush=True)
print(follow(run), flush=True)
sample = call(f"/api/v1/runs/{run}/samples", {"rows": 1000, "seed": 42})["id"]
ready(f"/api/v1/samples/{sample}")
with ask(f"/api/v1/samples/{sample}/file") as rows, open(target, "wb") as file:
    shutil.copyfileobj(rows, file)
print(f"saved {target}")
