package io.timelog.internal.engine;

/** Is told of stores as they come and go. Found as a service, of which there is none by default. */
public interface StoreObserver {
  /** A store was made. */
  void opened(StoreEngine engine);

  /** A store is about to be closed, and still open. */
  void closing(StoreEngine engine);
}
