package io.timelog.flink.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random steps: records out of order, some of them late, many with the same timestamps, from before
 * 1970 on; watermarks, restarts with another parallelism, and an end.
 *
 * @param steps how many
 * @param keys how many different ones
 * @param paceMillis how far event time moves on with each record, on average
 * @param disorderMillis how far a record may lie behind or before the others
 * @param marks the watermarks
 */
record Script(int steps, int keys, int paceMillis, int disorderMillis, Marks marks) {
  private static final int[] PARALLELISM = {3, 2, 1};

  /** Where watermarks lie. */
  enum Marks {
    /** Anywhere. */
    ANYWHERE {
      @Override
      long at(long time) {
        return time;
      }

      @Override
      long rowAt(long time) {
        return time;
      }
    },
    /** Never exactly at the timestamp of a record. */
    BETWEEN_ROWS {
      @Override
      long at(long time) {
        return time | 1;
      }

      @Override
      long rowAt(long time) {
        return time & ~1L;
      }
    };

    abstract long at(long time);

    abstract long rowAt(long time);
  }

  /** With so many fewer steps. */
  Script shortened(int divisor) {
    return new Script(steps / divisor, keys, paceMillis, disorderMillis, marks);
  }

  /** The steps that a seed makes. */
  List<Step> random(long seed) {
    Random random = new Random(seed);
    List<Step> all = new ArrayList<>();
    long now = -1L * steps * paceMillis / 3;
    long mark = Long.MIN_VALUE;
    int restarts = 0;
    for (int number = 0; number < steps; number++) {
      now += random.nextInt(2 * paceMillis + 1);
      long late = random.nextInt(20) == 0 ? 3L * disorderMillis : 0;
      long time = marks.rowAt(now - late + random.nextInt(2 * disorderMillis + 1) - disorderMillis);
      Row row = new Row("key " + random.nextInt(keys), number, time);
      all.add(random.nextBoolean() ? new Step.Left(row) : new Step.Right(row));
      if (random.nextInt(8) == 0) {
        mark = Math.max(mark, marks.at(now - disorderMillis));
        all.add(new Step.Mark(mark));
      }
      if (random.nextInt(steps / 5) == 0) {
        all.add(new Step.Restart(PARALLELISM[restarts++ % PARALLELISM.length]));
      }
    }
    all.add(new Step.Mark(Long.MAX_VALUE));
    return all;
  }

  /** The same steps for an operator with one input. */
  List<Step> randomOfOneInput(long seed) {
    return random(seed).stream()
        .map(step -> step instanceof Step.Right right ? new Step.Left(right.row()) : step)
        .toList();
  }

  /** The steps without restarts, which have no results. */
  static List<Step> undisturbed(List<Step> steps) {
    return steps.stream()
        .map(step -> step instanceof Step.Restart ? new Step.Mark(Long.MIN_VALUE) : step)
        .toList();
  }
}
