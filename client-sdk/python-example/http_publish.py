"""What socketio.emit("news_processed", {"title": "Hello"}) becomes: one line, with nothing of the hub's installed."""

import json
import os
import urllib.request

import requests

EVENTS = os.environ.get("HUB_URL", "http://127.0.0.1:8080") + "/api/v1/events"

# With requests. An error status raises: the event was not stored. `to="room"` becomes "channel": "room".
requests.post(EVENTS, json={"type": "news_processed", "data": {"title": "Hello"}}, timeout=10).raise_for_status()

# With the standard library alone. An error status raises here as well.
event = json.dumps({"type": "news_processed", "data": {"title": "Hello"}}).encode()
urllib.request.urlopen(
    urllib.request.Request(EVENTS, event, {"Content-Type": "application/json"}), timeout=10
).close()
