"""Report a training into GAN Dashboard from any Python program.

One file without dependencies, for Python 3.8 and later: copy it beside your program, or put it on your PYTHONPATH.

    import gan_dashboard

    with gan_dashboard.init("http://127.0.0.1:8081", name="my run", total_epochs=100) as run:
        for epoch in range(1, 101):
            generator_loss, discriminator_loss = train_one_epoch()
            run.log({"generator_loss": generator_loss, "discriminator_loss": discriminator_loss}, epoch=epoch)
            if run.should_stop:
                run.finish("stopped")
                break

Nothing here waits for the network or raises into the training loop (unless ``strict=True``): what is logged goes to a
spool file first, and a background thread sends it. While the server is away, or after the program was killed, it stays
there; the next ``init`` with the same spool folder sends it in order. The server knows every event by its number, so
that nothing is recorded twice.
"""

import atexit
import functools
import http.client
import json
import logging
import math
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

__all__ = ["Run", "finish", "init", "log", "log_line", "progress"]

_logger = logging.getLogger("gan_dashboard")

#: Seconds between two signs of life of a program that logs nothing.
HEARTBEAT_SECONDS = 20.0
#: Seconds that one request may take.
REQUEST_SECONDS = 10.0
#: The longest pause, in seconds, between two tries to reach the server.
LONGEST_RETRY_SECONDS = 15.0
#: Events, and bytes, that are sent in one request.
BATCH_EVENTS = 500
BATCH_BYTES = 1000000
#: A single event, in bytes.
LONGEST_EVENT_BYTES = 200000
#: A spool file that was sent completely is emptied when it is larger than this, in bytes.
EMPTY_ABOVE_BYTES = 4000000


class DashboardError(Exception):
    """The server refuses the run or its events for good; the message says why."""


class _Away(Exception):
    """The server cannot be reached, or not now: it is tried again."""


def _now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _wire_number(value):
    """A number as the server takes it: floats of NumPy and PyTorch become plain ones, NaN and infinities strings.

    :raises TypeError, ValueError: when it is no number
    """
    if isinstance(value, int):
        return int(value)
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def _request(url, body, headers):
    """POST a body and give the JSON of the answer.

    :raises _Away: when it is worth trying again
    :raises DashboardError: when it is not
    """
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
            return json.loads(response.read().decode("utf-8"))
    except urllib.error.HTTPError as error:
        detail = error.read().decode("utf-8", "replace")[:500]
        # 409: the same request is still at work; 408, 425, 429: not now.
        if error.code >= 500 or error.code in (408, 425, 429) or (error.code == 409 and "Idempotency-Key" in detail):
            raise _Away("the server answered %d" % error.code)
        raise DashboardError("the server answered %d: %s" % (error.code, detail))
    # No connection, no answer in time, or an answer that is none of the server's.
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _Away(str(error))


def _try_lock(file):
    """Lock a file for this process. The lock goes with the process, however that ends."""
    try:
        if fcntl is not None:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        return True
    except OSError:
        return False


class _Spool:
    """The events of one run on disk, and how far they were sent.

    ``<id>.jsonl`` holds the events, ``<id>.json`` what the server has to be told of the run and what it has answered,
    ``<id>.lock`` is locked as long as a process works with them.
    """

    def __init__(self, folder, client_id, lock_file, state):
        self.client_id = client_id
        self.state = state
        self.mutex = threading.Lock()
        self._base = os.path.join(folder, client_id)
        self._lock_file = lock_file
        self._file = open(self._base + ".jsonl", "ab")
        self.size = self._complete_size()

    @classmethod
    def create(cls, folder, url, request):
        os.makedirs(folder, exist_ok=True)
        client_id = str(uuid.uuid4())
        lock_file = open(os.path.join(folder, client_id + ".lock"), "wb")
        _try_lock(lock_file)
        spool = cls(folder, client_id, lock_file, {"url": url, "request": request, "run_id": None, "sent": 0})
        spool.save()
        return spool

    @classmethod
    def adopt_all(cls, folder, url):
        """The spools for this server that processes have left behind which are gone."""
        spools = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if not name.endswith(".json"):
                continue
            client_id = name[: -len(".json")]
            lock_file = open(os.path.join(folder, client_id + ".lock"), "ab")
            try:
                if _try_lock(lock_file):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        state = json.load(file)
                    if state["url"] == url:
                        spools.append(cls(folder, client_id, lock_file, state))
                        continue
            except (OSError, ValueError, KeyError) as error:
                _logger.warning("the spool %s cannot be read: %s", name, error)
            lock_file.close()
        return spools

    @property
    def unsent(self):
        return self.size - self.state["sent"]

    def append(self, event):
        line = (json.dumps(event, allow_nan=False) + "\n").encode("utf-8")
        if len(line) > LONGEST_EVENT_BYTES:
            raise ValueError("the event has %d bytes; %d are taken" % (len(line), LONGEST_EVENT_BYTES))
        self._file.write(line)
        # To the operating system, so that it outlives the process.
        self._file.flush()
        self.size += len(line)

    def read_batch(self):
        """The next events to send: whole lines."""
        with open(self._base + ".jsonl", "rb") as file:
            file.seek(self.state["sent"])
            lines = file.read(min(BATCH_BYTES, self.unsent)).split(b"\n")[:-1][:BATCH_EVENTS]
        return b"".join(line + b"\n" for line in lines)

    def sent(self, count):
        with self.mutex:
            self.state["sent"] += count
            is_large = self.state["sent"] > EMPTY_ABOVE_BYTES and self.unsent == 0
            if is_large:
                # Should the process end between the two: the server knows the events by their numbers.
                self.state["sent"] = 0
            self.save()
            if is_large:
                self._file.truncate(0)
                self.size = 0

    def save(self):
        temporary = self._base + ".tmp"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(self.state, file, default=str)
        os.replace(temporary, self._base + ".json")

    def close(self, remove):
        self._file.close()
        if remove:
            for ending in (".json", ".jsonl", ".lock"):
                try:
                    os.remove(self._base + ending)
                except OSError:
                    pass  # Windows does not let go of the locked file before it is closed.
        self._lock_file.close()

    def _complete_size(self):
        """A process that was killed may have left half a line, which is cut off."""
        with open(self._base + ".jsonl", "rb") as file:
            content = file.read()
        size = content.rfind(b"\n") + 1
        if size < len(content):
            self._file.truncate(size)
        return size


class _Sender(threading.Thread):
    """Sends the events of a spool in order, for as long as it takes."""

    def __init__(self, spool, is_replay, on_answer):
        super().__init__(name="gan_dashboard", daemon=True)
        self.spool = spool
        self.failure = None
        self._is_replay = is_replay
        self._on_answer = on_answer
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._done = threading.Event()

    def notify(self):
        self._wake.set()

    def close(self, seconds):
        """Send what is left, for at most so long. True when all was sent."""
        self._closing.set()
        self._wake.set()
        self._done.wait(seconds)
        return self._done.is_set() and self.failure is None and self.spool.unsent == 0

    def run(self):
        pause = 0.2
        try:
            while self._work_is_left():
                try:
                    self._send_once()
                    pause = 0.2
                except _Away as error:
                    _logger.debug("the dashboard is away: %s", error)
                    # Whoever closes wants to know soon whether the server is there again.
                    if self._closing.is_set():
                        time.sleep(0.2)
                    else:
                        self._closing.wait(pause)
                    pause = min(LONGEST_RETRY_SECONDS, pause * 2)
        except DashboardError as error:
            self.failure = error
            _logger.warning("nothing more is reported: %s", error)
        except Exception as error:  # a full disk, a spool that somebody removed: the training must not notice
            self.failure = error
            _logger.warning("nothing more is reported: %r", error)
        finally:
            self._done.set()

    def _work_is_left(self):
        return not (self._closing.is_set() or self._is_replay) or self.spool.unsent > 0 or self.spool.state["run_id"] is None

    def _send_once(self):
        state = self.spool.state
        if state["run_id"] is None:
            self._create()
            return
        if self.spool.unsent == 0:
            was_woken = self._wake.wait(HEARTBEAT_SECONDS)
            self._wake.clear()
            # A moment for more to come, so that they travel together.
            self._closing.wait(0.1)
            if not was_woken:
                self._post(b'{"type":"heartbeat"}\n', with_client=False)
            return
        body = self.spool.read_batch()
        self._post(body, with_client=True)
        self.spool.sent(len(body))

    def _create(self):
        headers = {"content-type": "application/json", "idempotency-key": self.spool.client_id}
        body = json.dumps(self.spool.state["request"], default=str).encode("utf-8")
        self.spool.state["run_id"] = _request(self.spool.state["url"] + "/api/v1/runs", body, headers)["id"]
        self.spool.save()

    def _post(self, body, with_client):
        state = self.spool.state
        query = "?client_id=" + self.spool.client_id if with_client else ""
        if self._is_replay:
            query += "&replay=true"
        url = "%s/api/v1/runs/%s/events%s" % (state["url"], state["run_id"], query)
        answer = _request(url, body, {"content-type": "application/x-ndjson"})
        for rejected in answer.get("rejected", []):
            _logger.warning("not taken by the dashboard: %s", rejected.get("message"))
        self._on_answer(answer)


def _guarded(method):
    """Keeps errors out of the training loop, unless the run is strict."""

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        # A process that was forked off has no sender; its parent reports.
        if self._sender is None or os.getpid() != self._pid:
            return None
        try:
            if self._strict and self._sender.failure is not None:
                raise DashboardError(str(self._sender.failure))
            return method(self, *args, **kwargs)
        except Exception as error:
            if self._strict:
                raise
            _logger.warning("%s was not reported: %r", method.__name__, error)
            return None

    return call


class Run:
    """A run that this program reports into. Made by :func:`init`."""

    def __init__(self, spool, total_epochs, strict, on_stop):
        self._total_epochs = total_epochs
        self._strict = strict
        self._on_stop = on_stop
        self._pid = os.getpid()
        self._client_seq = 0
        self._updates = 0
        self._is_finished = False
        self._should_stop = False
        self._sender = None if spool is None else _Sender(spool, False, self._answered)
        if self._sender is not None:
            self._sender.start()

    @property
    def id(self):
        """Id of the run on the server; None as long as the server was not reached."""
        return None if self._sender is None else self._sender.spool.state["run_id"]

    @property
    def should_stop(self):
        """Somebody has asked the run to stop: end your loop and call ``finish("stopped")``."""
        return self._should_stop

    @_guarded
    def log(self, metrics, step=None, epoch=None):
        """Report metrics by name, at a step, an epoch or both; without either at the number of the call.

        With an epoch and a known ``total_epochs`` the progress is reported as well: the epoch counts as done.
        """
        self._updates += 1
        data = {}
        for name, value in metrics.items():
            try:
                data[str(name)] = _wire_number(value)
            except (TypeError, ValueError):
                if self._strict:
                    raise
                _logger.warning("the metric %s is no number and is left out: %r", name, value)
        if not data:
            return
        if epoch is not None:
            data["epoch"] = int(epoch)
            if self._total_epochs is not None:
                data["total_epochs"] = self._total_epochs
        data["step"] = int(step) if step is not None else int(epoch) if epoch is not None else self._updates
        self._append("training_update", data)
        if epoch is not None and self._total_epochs is not None:
            self.progress(100.0 * epoch / self._total_epochs, epoch=epoch)

    @_guarded
    def log_line(self, message, level="info"):
        """Report a line of the log; the level is debug, info, warning or error."""
        for line in str(message).splitlines():
            if line.strip():
                self._append("log_entry", {"message": line, "level": level})

    @_guarded
    def progress(self, percent, epoch=None, step=None, total_steps=None, eta_seconds=None):
        """Report how much is done, from 0 to 100. It never falls on the dashboard."""
        said = {
            "epoch": epoch,
            "total_epochs": self._total_epochs if epoch is not None else None,
            "step": step,
            "total_steps": total_steps,
        }
        data = {name: int(value) for name, value in said.items() if value is not None}
        data["progress_percent"] = min(100.0, max(0.0, float(percent)))
        if eta_seconds is not None:
            data["eta_seconds"] = float(eta_seconds)
        self._append("progress", data)

    @_guarded
    def finish(self, status="completed", error=None, seconds=10.0):
        """End the run as ``completed``, ``failed`` or ``stopped`` and wait until all was sent, at most so long.

        What could not be sent stays in the spool. Gives True when everything has arrived.
        """
        if self._is_finished:
            return True
        if status not in ("completed", "failed", "stopped"):
            raise ValueError("status is %r; it can be completed, failed or stopped" % (status,))
        data = {"status": status}
        if error is not None:
            data["error"] = str(error)
        self._append("training_complete", data)
        self._is_finished = True
        return self._close(seconds)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        if kind is None:
            self.finish("completed")
        elif issubclass(kind, KeyboardInterrupt):
            self.finish("stopped")
        else:
            self.finish("failed", error="%s: %s" % (kind.__name__, error))
        return False

    def _append(self, kind, data):
        if self._is_finished:
            raise RuntimeError("the run is finished")
        spool = self._sender.spool
        with spool.mutex:
            self._client_seq += 1
            spool.append({"type": kind, "timestamp": _now(), "client_seq": self._client_seq, "data": data})
        self._sender.notify()

    def _close(self, seconds):
        has_arrived = self._sender.close(seconds)
        if not has_arrived:
            _logger.warning("not everything has reached the dashboard; the next start of a program sends it")
        self._sender.spool.close(remove=has_arrived)
        return has_arrived

    def _answered(self, answer):
        if answer.get("control") != "stop" or self._should_stop:
            return
        self._should_stop = True
        if self._on_stop is not None:
            self._on_stop()

    def _at_exit(self):
        """The program ends without ``finish``: what was said is sent, and how it ended nobody knows."""
        if self._sender is not None and os.getpid() == self._pid and not self._is_finished:
            self._is_finished = True
            self._close(5.0)


_current = None


def _default_spool():
    return os.environ.get("GAN_DASHBOARD_SPOOL") or os.path.join(os.path.expanduser("~"), ".gan-dashboard", "spool")


def _replay(folder, url):
    """Send, one after the other, what programs have left behind that are gone."""

    def work():
        for spool in _Spool.adopt_all(folder, url):
            sender = _Sender(spool, True, lambda _answer: None)
            sender.run()
            # What the server refuses for good would be refused again.
            spool.close(remove=sender.failure is None or isinstance(sender.failure, DashboardError))

    def guarded():
        try:
            work()
        except Exception as error:
            _logger.warning("what was kept of earlier runs could not be sent: %r", error)

    threading.Thread(target=guarded, name="gan_dashboard replay", daemon=True).start()


def init(
    url=None,
    name=None,
    model=None,
    config=None,
    total_epochs=None,
    seed=None,
    tags=None,
    notes=None,
    spool_dir=None,
    on_stop=None,
    strict=False,
    disabled=False,
):
    """Begin a run and give it. It returns at once, whether the server is there or not.

    :param url: address of the dashboard; default: GAN_DASHBOARD_URL, else http://127.0.0.1:8081
    :param config: settings of the run, to be shown and compared; must be JSON
    :param total_epochs: how many epochs there will be, where that is known
    :param spool_dir: folder of the spool; default: GAN_DASHBOARD_SPOOL, else ~/.gan-dashboard/spool
    :param on_stop: called, in the background thread, when somebody asks the run to stop
    :param strict: raise errors instead of logging them
    :param disabled: report nothing, for example in all processes of a distributed training but the first
    """
    global _current
    if disabled:
        _current = Run(None, total_epochs, strict, on_stop)
        return _current
    address = (url or os.environ.get("GAN_DASHBOARD_URL") or "http://127.0.0.1:8081").rstrip("/")
    wanted = {
        "name": name,
        "model": model,
        "config": config,
        "total_epochs": total_epochs,
        "seed": seed,
        "tags": tags,
        "notes": notes,
    }
    request = {"origin": "external"}
    request.update((key, value) for key, value in wanted.items() if value is not None)
    try:
        folder = spool_dir or _default_spool()
        _replay(folder, address)
        spool = _Spool.create(folder, address, request)
    except Exception as error:
        if strict:
            raise
        _logger.warning("nothing is reported: the spool cannot be written: %r", error)
        spool = None
    _current = Run(spool, total_epochs, strict, on_stop)
    atexit.register(_current._at_exit)
    return _current


def _run():
    if _current is None:
        raise RuntimeError("call gan_dashboard.init() first")
    return _current


def log(metrics, step=None, epoch=None):
    """:meth:`Run.log` of the run that was begun last."""
    _run().log(metrics, step=step, epoch=epoch)


def log_line(message, level="info"):
    """:meth:`Run.log_line` of the run that was begun last."""
    _run().log_line(message, level=level)


def progress(percent, **place):
    """:meth:`Run.progress` of the run that was begun last."""
    _run().progress(percent, **place)


def finish(status="completed", error=None, seconds=10.0):
    """:meth:`Run.finish` of the run that was begun last."""
    return _run().finish(status, error=error, seconds=seconds)
