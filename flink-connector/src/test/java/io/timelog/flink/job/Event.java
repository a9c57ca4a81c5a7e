package io.timelog.flink.job;

/** An event of a job. A POJO for Flink. */
public final class Event {
  public int key;
  public long time;
  public long value;

  public Event() {}

  Event(int key, long time, long value) {
    this.key = key;
    this.time = time;
    this.value = value;
  }

  /** The event with a number: out of order by up to 100 ms, some times of a key more than once. */
  static Event of(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    long time = (number / 7) * 7 + (mixed >>> 32) % 100;
    return new Event((int) ((mixed >>> 8) & 0x3F), time / 10 * 10, number);
  }

  int key() {
    return key;
  }
}
