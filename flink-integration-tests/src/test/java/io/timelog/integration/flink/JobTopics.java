package io.timelog.integration.flink;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import io.timelog.integration.flink.job.Input;
import io.timelog.integration.flink.job.ReadingsJob;
import io.timelog.integration.flink.job.TopicJob;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The input of a test, sent part by part, and the outputs of its jobs. */
public final class JobTopics implements AutoCloseable {
  /** Results of a part, but not all of them; more than the marks of a commit. */
  public static final int A_FEW = 100;

  private final Broker broker;
  private final Topics topics;
  private final String name;
  private final List<List<ProducerRecord<String, String>>> parts;
  private int sent;

  private JobTopics(Broker broker, String name, Input input, int parts) {
    this.broker = broker;
    topics = new Topics(broker);
    this.name = name;
    this.parts = input.records(name + "-in", parts);
  }

  /**
   * Makes the topic of the input, empty as yet.
   *
   * @param name of the test; no other has it
   * @param parts into how many the input is divided
   */
  public static JobTopics create(Broker broker, String name, Input input, int parts)
      throws Exception {
    JobTopics topics = new JobTopics(broker, name, input, parts);
    topics.topics.create(name + "-in", input.partitions());
    return topics;
  }

  /** Sends the next part. */
  public void sendPart() throws Exception {
    topics.send(parts.get(sent));
    sent++;
  }

  /** Sends all that is left. */
  public void sendRest() throws Exception {
    while (sent < parts.size()) {
      sendPart();
    }
  }

  /** A job that reads the input and writes to a topic of its own. */
  public ReadingsJob job(String of) throws Exception {
    return job(of, ReadingsJob::new);
  }

  /** As {@link #job(String)}, of another kind. */
  <J extends TopicJob> J job(String of, TopicJob.Factory<J> factory) throws Exception {
    String output = name + "-" + of;
    topics.create(output, 1);
    return factory.create(broker.bootstrapServers(), name + "-in", output);
  }

  /** How many records a job has written, committed or not, and marks of commits. */
  public long written(TopicJob job) throws Exception {
    return topics.written(job.output());
  }

  /** Returns when there are more {@link #written} than that. */
  public void awaitOutputBeyond(TopicJob job, long records) throws Exception {
    Eventually.holds(
        "the job has written more than records=" + records,
        () -> written(job) > records,
        job::output);
  }

  /** Whether a job has a checkpoint behind all of the input. */
  public boolean isConsumed(TopicJob job) throws Exception {
    return topics.isConsumed(job.output(), job.input());
  }

  /** What a job has committed. */
  public Results results(TopicJob job) throws Exception {
    return new Results(topics.read(job.output()).stream().map(ConsumerRecord::value).toList());
  }

  @Override
  public void close() {
    topics.close();
  }
}
