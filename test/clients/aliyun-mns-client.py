"""Drives the vendor's own Python client, aliyun-mns, against a queue endpoint.

Usage: aliyun-mns-client.py ENDPOINT KEY_ID KEY_SECRET QUEUE REPORT

What it saw is written to the file REPORT as JSON: the client prints a lot of its own.
"""
import json
import sys

from mns.account import Account
from mns.mns_exception import MNSExceptionBase
from mns.queue import Message, QueueMeta


def error_of(action):
    """The code that an action fails with; None when it is well."""
    try:
        action()
    except MNSExceptionBase as error:
        return error.type
    return None


def view(message):
    body = message.message_body
    return {
        # Of a batch it leaves the bytes.
        "body": body.decode("utf-8") if isinstance(body, bytes) else body,
        "dequeueCount": message.dequeue_count,
        "hiddenFor": message.next_visible_time - message.first_dequeue_time,
    }


def bad_handles(queue, handles):
    try:
        queue.batch_delete_message(handles)
    except MNSExceptionBase as error:
        return [[one["ErrorCode"], one["ReceiptHandle"]] for one in error.sub_errors]
    return []


def main(endpoint, key_id, key_secret, name, report):
    account = Account(endpoint, key_id, key_secret)
    queue = account.get_queue(name)
    seen = {}

    meta = QueueMeta()
    meta.set_visibilitytimeout(40)
    seen["created"] = queue.create(meta)
    seen["attributes"] = {
        "visibilityTimeout": queue.get_attributes().visibility_timeout,
        "activeMessages": queue.get_attributes().active_messages,
    }
    seen["queues"] = account.list_queue(prefix=name)[0]

    seen["empty"] = error_of(lambda: queue.receive_message(0))
    queue.send_message(Message("one \u4e2d\u6587 <&>"))
    seen["peeked"] = queue.peek_message().message_body
    received = queue.receive_message(1)
    seen["received"] = view(received)
    changed = queue.change_message_visibility(received.receipt_handle, 120)
    seen["hiddenLonger"] = int(changed.next_visible_time) > int(received.next_visible_time)
    seen["oldHandle"] = error_of(lambda: queue.delete_message(received.receipt_handle))
    seen["deleted"] = error_of(lambda: queue.delete_message(changed.receipt_handle))

    queue.batch_send_message([Message("batch %d" % number) for number in range(3)])
    seen["batchPeeked"] = [one.message_body for one in queue.batch_peek_message(16)]
    batch = queue.batch_receive_message(16, 1)
    seen["batchReceived"] = [view(one) for one in batch]
    seen["badHandles"] = bad_handles(queue, [batch[0].receipt_handle, "1-AAAA"])
    seen["batchDeleted"] = bad_handles(queue, [one.receipt_handle for one in batch[1:]])
    seen["batchEmpty"] = error_of(lambda: queue.batch_receive_message(16, 0))

    stranger = Account(endpoint, key_id, "wrong").get_queue(name)
    seen["wrongSecret"] = error_of(lambda: stranger.receive_message(0))
    unknown = Account(endpoint, key_id, key_secret).get_queue("clients-nowhere")
    seen["noQueue"] = error_of(lambda: unknown.receive_message(0))

    with open(report, "w", encoding="utf-8") as file:
        json.dump(seen, file)


main(*sys.argv[1:])
