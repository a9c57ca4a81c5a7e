package io.timelog.flink.streams;

import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.OutputTag;

/**
 * Subtasks of an operator in Flink's harness, through steps.
 *
 * <p>After a restart the last watermark comes again, as a job's sources give it: without it records
 * that were late would not be.
 *
 * @param <O> the type of the results
 * @param <H> the type of the harnesses
 */
abstract class HarnessRun<O, H extends AbstractStreamOperatorTestHarness<O>> implements Closeable {
  static final OutputTag<Row> LATE = new OutputTag<>("late", TypeInformation.of(Row.class));
  static final OutputTag<Row> LATE_RIGHT =
      new OutputTag<>("late right", TypeInformation.of(Row.class));

  private static final int KEY_GROUPS = 8;

  private StateBackend backend;
  private final List<H> subtasks = new ArrayList<>();
  private long mark = Long.MIN_VALUE;
  private long snapshots;

  private HarnessRun(StateBackend backend) {
    this.backend = backend;
  }

  /** An operator with one input. */
  static <O> HarnessRun<O, ?> of(StateBackend backend, OneInputStreamOperator<Row, O> operator)
      throws Exception {
    return new OneInput<>(backend, operator).begun();
  }

  /** An operator with two inputs. */
  static <O> HarnessRun<O, ?> of(StateBackend backend, TwoInputStreamOperator<Row, Row, O> operator)
      throws Exception {
    return new TwoInputs<>(backend, operator).begun();
  }

  final HarnessRun<O, H> begun() throws Exception {
    start(1, null, 0);
    return this;
  }

  private void start(int parallelism, OperatorSubtaskState snapshot, int before) throws Exception {
    for (int i = 0; i < parallelism; i++) {
      H harness = harness(KEY_GROUPS, parallelism, i);
      harness.setStateBackend(backend);
      harness.setup();
      if (snapshot != null) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                snapshot, KEY_GROUPS, before, parallelism, i));
      }
      harness.open();
      subtasks.add(harness);
    }
  }

  abstract H harness(int keyGroups, int parallelism, int subtask) throws Exception;

  abstract void left(H harness, Row row) throws Exception;

  abstract void right(H harness, Row row) throws Exception;

  abstract void mark(H harness, Watermark time) throws Exception;

  /** The results of each of the steps, in their order. */
  final List<List<String>> results(List<Step> steps) throws Exception {
    List<List<String>> results = new ArrayList<>();
    for (Step step : steps) {
      results.add(results(step));
    }
    return results;
  }

  /** The results of a step. */
  final List<String> results(Step step) throws Exception {
    if (step instanceof Step.Left left) {
      left(at(left.row().key()), left.row());
    } else if (step instanceof Step.Right right) {
      right(at(right.row().key()), right.row());
    } else if (step instanceof Step.Mark to) {
      mark(Math.max(mark, to.time()));
    } else if (step instanceof Step.Restart restart) {
      restart(restart.parallelism());
    }
    return drain();
  }

  private H at(String key) {
    return subtasks.get(
        KeyGroupRangeAssignment.assignKeyToParallelOperator(key, KEY_GROUPS, subtasks.size()));
  }

  private void mark(long time) throws Exception {
    mark = time;
    for (H harness : subtasks) {
      mark(harness, new Watermark(time));
    }
  }

  private void restart(int parallelism) throws Exception {
    restart(parallelism, CheckpointType.CHECKPOINT);
  }

  /** Stops the operator, which goes on from a savepoint on another backend. */
  final void moveTo(StateBackend other) throws Exception {
    backend = other;
    restart(subtasks.size(), SavepointType.savepoint(SavepointFormatType.CANONICAL));
  }

  private void restart(int parallelism, SnapshotType from) throws Exception {
    OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] =
          subtasks
              .get(i)
              .snapshotWithLocalState(++snapshots, snapshots, from)
              .getJobManagerOwnedState();
    }
    int before = subtasks.size();
    stop();
    start(parallelism, AbstractStreamOperatorTestHarness.repackageState(states), before);
    mark(mark);
  }

  private List<String> drain() {
    List<String> results = new ArrayList<>();
    for (H harness : subtasks) {
      for (Object element : harness.getOutput()) {
        if (element instanceof StreamRecord<?> record) {
          results.add(record.getValue() + " at " + record.getTimestamp());
        }
      }
      harness.getOutput().clear();
      drain(harness, LATE, results);
      drain(harness, LATE_RIGHT, results);
    }
    return results;
  }

  private void drain(H harness, OutputTag<Row> tag, List<String> into) {
    Queue<StreamRecord<Row>> records = harness.getSideOutput(tag);
    if (records != null) {
      records.forEach(
          record ->
              into.add(tag.getId() + ": " + record.getValue() + " at " + record.getTimestamp()));
      records.clear();
    }
  }

  /** How many records a key has in a state that is indexed by time. */
  final long rows(String key, String state) throws Exception {
    KeyedStateBackend<String> keyed = at(key).getOperator().getKeyedStateBackend();
    keyed.setCurrentKey(key);
    return TimeIndexedStates.of(
            keyed,
            new TimeIndexedStateDescriptor<>(
                state, TypeInformation.of(Row.class).createSerializer(Operators.settings())))
        .count();
  }

  /** The sources do not know the last watermark after the next restart. */
  final void forgetWatermark() {
    mark = Long.MIN_VALUE;
  }

  /** How many timers the subtasks have. */
  final int timers() {
    return subtasks.stream().mapToInt(AbstractStreamOperatorTestHarness::numEventTimeTimers).sum();
  }

  /** How many keys have anything in states of these names. */
  final long keysIn(String... states) {
    return subtasks.stream()
        .map(harness -> harness.getOperator().getKeyedStateBackend())
        .flatMap(
            state -> Stream.of(states).flatMap(name -> state.getKeys(name, VoidNamespace.INSTANCE)))
        .count();
  }

  private void stop() throws Exception {
    for (H harness : subtasks) {
      harness.close();
    }
    subtasks.clear();
  }

  @Override
  public final void close() throws IOException {
    try {
      stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static StreamRecord<Row> record(Row row) {
    return new StreamRecord<>(row, row.time());
  }

  private static final class OneInput<O>
      extends HarnessRun<O, KeyedOneInputStreamOperatorTestHarness<String, Row, O>> {
    private final OneInputStreamOperator<Row, O> operator;

    OneInput(StateBackend backend, OneInputStreamOperator<Row, O> operator) {
      super(backend);
      this.operator = operator;
    }

    @Override
    KeyedOneInputStreamOperatorTestHarness<String, Row, O> harness(
        int keyGroups, int parallelism, int subtask) throws Exception {
      return new KeyedOneInputStreamOperatorTestHarness<>(
          InstantiationUtil.clone(operator),
          Row::key,
          Types.STRING,
          keyGroups,
          parallelism,
          subtask);
    }

    @Override
    void left(KeyedOneInputStreamOperatorTestHarness<String, Row, O> harness, Row row)
        throws Exception {
      harness.processElement(record(row));
    }

    @Override
    void right(KeyedOneInputStreamOperatorTestHarness<String, Row, O> harness, Row row) {
      throw new AssertionError("There is one input.");
    }

    @Override
    void mark(KeyedOneInputStreamOperatorTestHarness<String, Row, O> harness, Watermark time)
        throws Exception {
      harness.processWatermark(time);
    }
  }

  private static final class TwoInputs<O>
      extends HarnessRun<O, KeyedTwoInputStreamOperatorTestHarness<String, Row, Row, O>> {
    private final TwoInputStreamOperator<Row, Row, O> operator;

    TwoInputs(StateBackend backend, TwoInputStreamOperator<Row, Row, O> operator) {
      super(backend);
      this.operator = operator;
    }

    @Override
    KeyedTwoInputStreamOperatorTestHarness<String, Row, Row, O> harness(
        int keyGroups, int parallelism, int subtask) throws Exception {
      return new KeyedTwoInputStreamOperatorTestHarness<>(
          InstantiationUtil.clone(operator),
          Row::key,
          Row::key,
          Types.STRING,
          keyGroups,
          parallelism,
          subtask);
    }

    @Override
    void left(KeyedTwoInputStreamOperatorTestHarness<String, Row, Row, O> harness, Row row)
        throws Exception {
      harness.processElement1(record(row));
    }

    @Override
    void right(KeyedTwoInputStreamOperatorTestHarness<String, Row, Row, O> harness, Row row)
        throws Exception {
      harness.processElement2(record(row));
    }

    @Override
    void mark(KeyedTwoInputStreamOperatorTestHarness<String, Row, Row, O> harness, Watermark time)
        throws Exception {
      harness.processBothWatermarks(time);
    }
  }
}
