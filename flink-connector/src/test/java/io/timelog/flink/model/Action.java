package io.timelog.flink.model;

import org.apache.flink.api.common.state.State;
import org.jspecify.annotations.Nullable;

/** Something that a job does with a state, and what it is told; the same on every backend. */
interface Action<S extends State> {
  @Nullable Object on(S state) throws Exception;

  /** As an action that is told nothing. */
  interface Silent<S extends State> {
    void on(S state) throws Exception;
  }

  static <S extends State> Action<S> of(Silent<S> silent) {
    return state -> {
      silent.on(state);
      return null;
    };
  }
}
