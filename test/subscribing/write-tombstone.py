"""Writes a tombstone as an owner of the topic would: python write-tombstone.py BROKERS TOPIC KEY"""

import sys

from confluent_kafka import Producer

brokers, topic, key = sys.argv[1:]
# Kafka's own partitioner, so that the key finds its partition.
producer = Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random"})
producer.produce(topic, value=None, key=key)
sys.exit(producer.flush(30))
