package io.timelog.flink.internal.snapshot;

import io.timelog.flink.internal.table.CanonicalEntries;
import java.util.List;
import org.apache.flink.runtime.state.KeyValueStateIterator;

/**
 * Merges the entries of states, each by key group, into the order of a savepoint: by key group,
 * then state. Every state is scanned once.
 */
final class CanonicalIterator implements KeyValueStateIterator {
  private static final int NONE = -1;

  private final List<CanonicalEntries> states;

  /** Whether the entries of a state stand on one that was not handed out yet. */
  private final boolean[] pending;

  private int keyGroup = NONE;
  private int state = NONE;
  private boolean newState;
  private boolean newKeyGroup;

  CanonicalIterator(List<CanonicalEntries> states) {
    this.states = states;
    this.pending = new boolean[states.size()];
    for (int i = 0; i < pending.length; i++) {
      pending[i] = states.get(i).advance();
    }
    toNextState();
  }

  @Override
  public void next() {
    newState = false;
    newKeyGroup = false;
    pending[state] = states.get(state).advance();
    if (!isAt(state, keyGroup)) {
      toNextState();
    }
  }

  /** Goes to the next state that has an entry in this key group, or else to the next group. */
  private void toNextState() {
    newState = true;
    for (int i = state + 1; i < pending.length; i++) {
      if (isAt(i, keyGroup)) {
        state = i;
        return;
      }
    }
    newKeyGroup = true;
    state = NONE;
    for (int i = 0; i < pending.length; i++) {
      if (pending[i] && (state == NONE || states.get(i).keyGroup() < keyGroup)) {
        state = i;
        keyGroup = states.get(i).keyGroup();
      }
    }
  }

  private boolean isAt(int of, int group) {
    return pending[of] && states.get(of).keyGroup() == group;
  }

  @Override
  public int keyGroup() {
    return keyGroup;
  }

  @Override
  public byte[] key() {
    return states.get(state).key();
  }

  @Override
  public byte[] value() {
    return states.get(state).value();
  }

  @Override
  public int kvStateId() {
    return state;
  }

  @Override
  public boolean isNewKeyValueState() {
    return newState;
  }

  @Override
  public boolean isNewKeyGroup() {
    return newKeyGroup;
  }

  @Override
  public boolean isValid() {
    return state != NONE;
  }

  @Override
  public void close() {
    states.forEach(CanonicalEntries::close);
  }
}
