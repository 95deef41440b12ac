// Follows the status of messages: a line of JSON for every change that is news, and at the end what was counted.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log"
	"math"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

const eventType = "io.quittance.message.status-changed.v1"

// The fields that are needed, by name: further fields do no harm.
type change struct {
	Key       string  `json:"key"`
	Revision  int64   `json:"revision"`
	Status    string  `json:"status"`
	Final     bool    `json:"final"`
	Reference *string `json:"reference"` // what you passed when sending; without it, the provider's messageId
	MessageID *string `json:"messageId"`
}

var statuses = map[string]bool{"pending": true, "sent": true, "delivered": true, "rendered": true, "read": true,
	"failed": true, "expired": true, "deleted": true}

// What is known already. In a service of yours both are columns of your own tables, written in the transaction
// that writes the effect: a process that starts anew, or takes over a partition, must know them too.
var revisions, ids = map[string]int64{}, map[string]bool{}

// docs: begin decide
// What a record is: "accepted" when it was news and has been applied, else why not.
func handle(record *kafka.Message) string {
	if record.Value == nil { // a tombstone: the key is gone from a compacted topic
		delete(revisions, string(record.Key))
		return "tombstone"
	}
	event, err := readEvent(record)
	if err != nil { // cannot be read today or tomorrow: do not stop for it
		return "unreadable"
	}
	if event.Type() != eventType { // a type that came later, or is not for us
		return "otherType"
	}
	var news change
	if event.DataAs(&news) != nil || event.Subject() == "" || news.Revision < 1 {
		return "unreadable"
	}
	news.Key = event.Subject()
	if ids[event.ID()] { // at least once: the same event again
		return "duplicate"
	}
	if news.Revision <= revisions[news.Key] { // we know something newer
		return "old"
	}
	apply(news)            // if this panics, nothing is remembered or committed, and the event comes again
	ids[event.ID()] = true // in a service of yours: for some days
	revisions[news.Key] = news.Revision
	return "accepted"
}

// docs: end decide

// Your effect.
func apply(news change) {
	if !statuses[news.Status] { // values are added within v1
		news.Status = "unknown"
	}
	must(json.NewEncoder(os.Stdout).Encode(news))
}

func main() {
	stopAfter, _ := strconv.Atoi(cmp.Or(os.Getenv("STOP_AFTER"), strconv.Itoa(math.MaxInt))) // records; to try it out
	counts, read, uncommitted := map[string]int{}, 0, 0
	running, _ := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	// docs: begin consume
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers":  cmp.Or(os.Getenv("KAFKA_BROKERS"), "localhost:9092"),
		"group.id":           cmp.Or(os.Getenv("GROUP_ID"), "example-go"),
		"auto.offset.reset":  cmp.Or(os.Getenv("START"), "earliest"), // for a group without offsets
		"session.timeout.ms": 10_000,                                 // after a kill, the others take over
		"enable.auto.commit": false,
	})
	must(err)
	must(consumer.Subscribe(cmp.Or(os.Getenv("TOPIC_PREFIX"), "quittance.")+"message-status.v1", nil))
	for running.Err() == nil && read < stopAfter {
		record, err := consumer.ReadMessage(200 * time.Millisecond)
		if err == nil {
			counts[handle(record)]++
			read, uncommitted = read+1, uncommitted+1
		} else if problem, ok := err.(kafka.Error); !ok || problem.IsFatal() {
			log.Fatal(err)
		} else if !problem.IsTimeout() { // the client goes on by itself
			log.Print(err)
		}
		if uncommitted == 500 || uncommitted > 0 && (err != nil || read == stopAfter || running.Err() != nil) {
			// After the work. If it fails, or we do, the same comes again: perhaps to somebody else.
			if _, err := consumer.Commit(); err != nil {
				log.Print(err)
			}
			uncommitted = 0
		}
	}
	must(consumer.Close())
	// docs: end consume
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{"read": read, "counts": counts}))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
