"""Follows the status of messages: a line of JSON for every change that is news, and at the end what was counted."""

import json
import os
import signal
import sys
from collections import Counter, OrderedDict

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from cloudevents.core.exceptions import BaseCloudEventException
from confluent_kafka import Consumer, KafkaException

TYPE = "io.quittance.message.status-changed.v1"
STATUSES = {"pending", "sent", "delivered", "rendered", "read", "failed", "expired", "deleted"}
IDS_KEPT = 100_000

# What is known already. In a service of yours both are columns of your own tables, written in the transaction
# that writes the effect: a process that starts anew, or takes over a partition, must know them too.
revisions: dict[str, int] = {}
ids: OrderedDict[str, None] = OrderedDict()


# docs: begin decide
def handle(record) -> str:
    """What a record is: "accepted" when it was news and has been applied, else why not."""
    if record.value() is None:  # a tombstone: the key is gone from a compacted topic
        revisions.pop((record.key() or b"").decode(), None)
        return "tombstone"
    try:
        headers = {name: value for name, value in record.headers() or [] if value is not None}
        event = from_binary_event(KafkaMessage(headers, record.key(), record.value()))
        if event.get_type() != TYPE:  # a type that came later, or is not for us
            return "otherType"
        key, data = event.get_subject(), event.get_data()
        revision = data["revision"]
        if key is None or type(revision) is not int or revision < 1:
            return "unreadable"
    except (BaseCloudEventException, LookupError, TypeError, ValueError):
        return "unreadable"  # today and tomorrow: do not stop for it
    if event.get_id() in ids:  # at least once: the same event again
        return "duplicate"
    if revision <= revisions.get(key, 0):  # we know something newer
        return "old"
    apply(key, revision, data)  # if this fails, nothing is remembered or committed, and the event comes again
    ids[event.get_id()] = None
    if len(ids) > IDS_KEPT:
        ids.popitem(last=False)
    revisions[key] = revision
    return "accepted"


# docs: end decide
def apply(key: str, revision: int, data: dict) -> None:
    """Your effect. It reads the fields that it needs by name: further fields do no harm."""
    status = data.get("status")
    change = {
        "key": key,
        "revision": revision,
        "status": status if status in STATUSES else "unknown",  # values are added within v1
        "final": data.get("final", False),
        # To find your own message: the reference that you passed when sending, else the provider's messageId.
        "reference": data.get("reference"),
        "messageId": data.get("messageId"),
    }
    print(json.dumps(change, ensure_ascii=False), flush=True)


def main() -> None:
    stop_after = float(os.environ.get("STOP_AFTER", "inf"))  # records; to try it out
    counts: Counter[str] = Counter()
    read = 0
    is_stopping = False

    def stop(*_: object) -> None:
        nonlocal is_stopping
        is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # docs: begin consume
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "localhost:9092"),
            "group.id": os.environ.get("GROUP_ID", "example-python"),
            "auto.offset.reset": os.environ.get("START", "earliest"),  # for a group without offsets
            "session.timeout.ms": 10_000,  # after a kill, the others take over
            "enable.auto.commit": False,
        }
    )
    try:
        consumer.subscribe([os.environ.get("TOPIC_PREFIX", "quittance.") + "message-status.v1"])
        while not is_stopping and read < stop_after:
            records = consumer.consume(num_messages=500, timeout=0.2)
            for record in records:
                if record.error() is None:
                    counts[handle(record)] += 1
                    read += 1
                elif record.error().fatal():
                    raise KafkaException(record.error())
                else:  # the client goes on by itself
                    print(record.error(), file=sys.stderr)
            if any(record.error() is None for record in records):
                try:
                    consumer.commit(asynchronous=False)  # after the work: what was under way at a crash comes again
                except KafkaException as lost:  # a partition has gone to somebody else, who does the same again
                    print(lost, file=sys.stderr)
    finally:
        consumer.close()
    # docs: end consume
    print(json.dumps({"read": read, "counts": counts}))


if __name__ == "__main__":
    main()
