package main

import (
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/cloudevents/sdk-go/v2/binding/spec"
	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

// CloudEvents, Kafka binding, binary mode: attributes are headers, the value is the data.
func readEvent(record *kafka.Message) (cloudevents.Event, error) {
	event := cloudevents.NewEvent(cloudevents.VersionV1)
	version := spec.WithPrefix("ce_").Version(cloudevents.VersionV1)
	contentType := cloudevents.ApplicationJSON
	for _, header := range record.Headers {
		name, value := strings.ToLower(header.Key), string(header.Value)
		if name == "content-type" {
			contentType = value
		} else if attribute := version.Attribute(name); attribute != nil {
			if err := attribute.Set(event.Context, value); err != nil {
				return event, err
			}
		} else if extension, ok := strings.CutPrefix(name, "ce_"); ok {
			event.SetExtension(extension, value)
		}
	}
	if err := event.SetData(contentType, record.Value); err != nil {
		return event, err
	}
	return event, event.Validate()
}
