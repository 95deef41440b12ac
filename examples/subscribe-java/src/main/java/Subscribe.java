import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows the status of messages: a line of JSON for every change that is news, and at the end what was counted. */
public final class Subscribe {
  private static final String TYPE = "io.quittance.message.status-changed.v1";
  private static final Set<String> STATUSES =
      Set.of("pending", "sent", "delivered", "rendered", "read", "failed", "expired", "deleted");
  private static final int IDS_KEPT = 100_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static volatile boolean isStopping = false;

  // What is known already. In a service of yours both are columns of your own tables, written in the transaction
  // that writes the effect: a process that starts anew, or takes over a partition, must know them too.
  private final Map<String, Long> revisions = new HashMap<>();
  @SuppressWarnings("serial")
  private final Map<String, Boolean> ids =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > IDS_KEPT;
        }
      };

  // docs: begin decide
  /** What a record is: "accepted" when it was news and has been applied, else why not. */
  private String handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) { // a tombstone: the key is gone from a compacted topic
      revisions.remove(record.key());
      return "tombstone";
    }
    CloudEvent event;
    JsonNode data;
    try {
      event = KafkaMessageFactory.createReader(record).toEvent();
      if (!TYPE.equals(event.getType())) return "otherType"; // a type that came later, or is not for us
      data = JSON.readTree(event.getData().toBytes());
    } catch (RuntimeException | IOException problem) { // cannot be read today or tomorrow: do not stop for it
      return "unreadable";
    }
    String key = event.getSubject();
    long revision = data.path("revision").isIntegralNumber() ? data.path("revision").asLong() : 0;
    if (key == null || revision < 1) return "unreadable";
    if (ids.containsKey(event.getId())) return "duplicate"; // at least once: the same event again
    if (revision <= revisions.getOrDefault(key, 0L)) return "old"; // we know something newer
    apply(key, revision, data); // if this fails, nothing is remembered or committed, and the event comes again
    ids.put(event.getId(), true);
    revisions.put(key, revision);
    return "accepted";
  }

  // docs: end decide
  /** Your effect. It reads the fields that it needs by name: further fields do no harm. */
  private static void apply(String key, long revision, JsonNode data) {
    String status = data.path("status").asText();
    Map<String, Object> change = new LinkedHashMap<>();
    change.put("key", key);
    change.put("revision", revision);
    change.put("status", STATUSES.contains(status) ? status : "unknown"); // values are added within v1
    change.put("final", data.path("final").asBoolean());
    // To find your own message: the reference that you passed when sending, else the provider's messageId.
    change.put("reference", data.path("reference").textValue());
    change.put("messageId", data.path("messageId").textValue());
    System.out.println(JSON.valueToTree(change).toString());
    if (System.out.checkError()) throw new IllegalStateException("the line could not be written"); // println is silent
  }

  public static void main(String[] arguments) throws Exception {
    var stopAfter = Long.parseLong(setting("STOP_AFTER", String.valueOf(Long.MAX_VALUE))); // records; to try it out
    var counts = new HashMap<String, Integer>();
    long read = 0;
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main)));
    var subscriber = new Subscribe();
    // docs: begin consume
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", setting("KAFKA_BROKERS", "localhost:9092"),
            "group.id", setting("GROUP_ID", "example-java"),
            "auto.offset.reset", setting("START", "earliest"), // for a group without offsets
            "session.timeout.ms", 10_000, // after a kill, the others take over
            "enable.auto.commit", false);
    try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(setting("TOPIC_PREFIX", "quittance.") + "message-status.v1"));
      while (!isStopping && read < stopAfter) {
        var records = consumer.poll(Duration.ofMillis(500));
        for (var record : records) counts.merge(subscriber.handle(record), 1, Integer::sum);
        if (!records.isEmpty()) consumer.commitAsync(); // after the work: if it fails, or we do, the same comes again
        read += records.count();
      }
    }
    // docs: end consume
    System.out.println(JSON.writeValueAsString(Map.of("read", read, "counts", counts)));
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  private static void stop(Thread main) {
    isStopping = true;
    try {
      main.join();
    } catch (InterruptedException gone) { // nobody waits for us any more
    }
  }
}
