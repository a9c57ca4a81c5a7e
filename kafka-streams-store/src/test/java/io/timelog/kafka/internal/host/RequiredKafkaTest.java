package io.timelog.kafka.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.TimelogDslStoreSuppliers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;

final class RequiredKafkaTest {
  /** Kafka Streams and ours, without a class that came with 4.3, under the number of 4.2. */
  private static final class OlderKafka extends URLClassLoader {
    OlderKafka() {
      super(
          new URL[] {
            KafkaStreams.class.getProtectionDomain().getCodeSource().getLocation(),
            TimelogDslStoreSuppliers.class.getProtectionDomain().getCodeSource().getLocation()
          },
          RequiredKafkaTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals("org.apache.kafka.streams.DslStoreFormat")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("org.apache.kafka.streams.") && !name.startsWith("io.timelog.kafka.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    public URL getResource(String name) {
      return name.endsWith("kafka-streams-version.properties") ? null : super.getResource(name);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return name.endsWith("kafka-streams-version.properties")
          ? new ByteArrayInputStream(
              "version=4.2.1".getBytes(java.nio.charset.StandardCharsets.UTF_8))
          : super.getResourceAsStream(name);
    }
  }

  @Test
  void kafkaBefore43_isNamedWithTheVersionThatIsNeeded() throws IOException {
    try (OlderKafka older = new OlderKafka()) {
      assertThatThrownBy(
              () ->
                  older
                      .loadClass(TimelogDslStoreSuppliers.class.getName())
                      .getDeclaredConstructor()
                      .newInstance())
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessage(
              "TimelogDslStoreSuppliers needs a newer Kafka Streams: found=4.2.1, minimum=4.3.0."
                  + " Raise the version of org.apache.kafka:kafka-streams.")
          .satisfies(
              thrown ->
                  assertThat(thrown.getClass().getName())
                      .isEqualTo("org.apache.kafka.streams.errors.StreamsException"));
    }
  }

  @Test
  void thisKafka_isNewEnough() {
    assertThatCode(TimelogDslStoreSuppliers::new).doesNotThrowAnyException();
  }
}
