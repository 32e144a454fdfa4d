"""The examples of docs/clients.md against a hub that is killed, stopped and asked for what it cannot do."""

import json
import re
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from hub import EXAMPLES, ROOT, Example, Hub, wait_until
from generic_client import Reflection

EVENTS = 60


class ExamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = Hub()
        cls.addClassCleanup(cls.hub.close)
        cls.hub.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.position = folder.name + "/position"
        self.channel = self.id().rsplit(".", 1)[1]

    def test_nothing_is_missed_while_the_hub_is_killed_and_restarted(self):
        publisher = self.publisher("news_processed", self.channel)
        subscriber = self.subscriber(self.channel)
        for number in range(EVENTS):
            publisher.send(json.dumps({"n": number}))
            if number == EVENTS // 3:
                wait_until(lambda: len(subscriber.out()) > 1, subscriber.out)
                self.hub.kill()
            if number == EVENTS // 2:
                self.hub.start()
        self.assertEqual(0, publisher.end(), publisher.err())
        wait_until(lambda: len(subscriber.out()) >= EVENTS, subscriber.err)

        received = [json.loads(line) for line in subscriber.out()]
        self.assertEqual(list(range(EVENTS)), [event["data"]["n"] for event in received])
        positions = [line.split()[1] for line in publisher.out()]
        self.assertEqual([int(p.rsplit(".", 1)[1]) for p in positions], [event["seq"] for event in received])

    def test_a_subscriber_that_was_stopped_goes_on_where_it_was(self):
        self.publish("a", 1)
        first = self.subscriber(self.channel)
        wait_until(lambda: len(first.out()) == 1 and self.saved(), first.err)
        first.process.terminate()
        first.process.wait()
        self.publish("a", 2)
        second = self.subscriber(self.channel)
        wait_until(lambda: second.out(), second.err)

        self.assertEqual([2], [json.loads(line)["data"] for line in second.out()])

    def test_a_hub_that_stops_tells_where_to_resume_and_nothing_is_missed(self):
        subscriber = self.subscriber(self.channel)
        self.publish("a", 1)
        wait_until(lambda: subscriber.out(), subscriber.err)
        self.assertEqual(0, self.hub.stop())
        wait_until(lambda: any(line.startswith("going_away") for line in subscriber.err()), subscriber.err)
        self.hub.start()
        self.publish("a", 2)
        wait_until(lambda: len(subscriber.out()) == 2, subscriber.err)

        self.assertEqual([1, 2], [json.loads(line)["data"] for line in subscriber.out()])

    def test_a_gap_is_told_before_what_follows(self):
        self.publish("a", 1)
        Path(self.position).write_text("other.1", encoding="ascii")
        subscriber = self.subscriber(self.channel)
        wait_until(lambda: subscriber.out(), subscriber.err)

        self.assertRegex(subscriber.err()[0], r"^gap from=other\.1 to=\S+ reason=epoch_unknown$")

    def test_a_wrong_request_is_told_its_code_and_its_field(self):
        publisher = self.publisher("no such type")
        publisher.send("{}")
        self.assertEqual(1, publisher.end())
        self.assertRegex("".join(publisher.err()), r"^not published: invalid_name at event\.type: ")

        subscriber = self.subscriber("news..eu")
        self.assertEqual(1, subscriber.process.wait(20))
        self.assertRegex("".join(subscriber.err()), r"^not subscribed: invalid_name at filter\.channels\[0\]: ")

    def test_one_line_over_http_is_enough(self):
        before = len(self.history("default"))
        example = self.example("http_publish.py", HUB_URL=self.hub.url)
        self.assertEqual(0, example.end(), example.err())

        events = self.history("default")[before:]
        self.assertEqual(["news_processed"] * 2, [event["type"] for event in events])
        self.assertEqual([{"title": "Hello"}] * 2, [event["data"] for event in events])

    def test_what_grpcurl_would_send_is_answered(self):
        client = Reflection(self.hub.target)
        self.addCleanup(client.close)
        self.assertIn("reactorhub.v1.HubService", client.services())
        self.assertIn("Subscribe", client.methods("reactorhub.v1.HubService"))

        document = (ROOT / "docs/clients.md").read_text(encoding="utf-8")
        commands = re.findall(r"^grpcurl -plaintext -d '(.+)' \S+ (\S+/\w+)$", document, re.MULTILINE)
        self.assertEqual(
            ["Publish", "Subscribe", "ReadHistory"], [method.split("/")[1] for _, method in commands]
        )
        for request, method in commands:
            answer = json.loads(next(client.call(method, request)))
            self.assertTrue(answer, method)

    def example(self, *arguments, **environment):
        example = Example(*arguments, **environment)
        self.addCleanup(example.close)
        return example

    def publisher(self, *arguments):
        return self.example("publisher.py", self.hub.target, *arguments)

    def subscriber(self, *channels):
        return self.example("subscriber.py", self.hub.target, self.position, *channels)

    def publish(self, event_type, data):
        event = json.dumps({"type": event_type, "data": data, "channel": self.channel}).encode()
        request = urllib.request.Request(self.hub.url + "/api/v1/events", event, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def history(self, channel):
        with urllib.request.urlopen(f"{self.hub.url}/api/v1/events?limit=1000&channel={channel}", timeout=10) as page:
            return json.load(page)["events"]

    def saved(self):
        return Path(self.position).exists() and not Path(self.position).read_text(encoding="ascii").endswith(".0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
