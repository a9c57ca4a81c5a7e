package io.timelog.internal.engine;

/** Is told of stores as they come and go. */
interface EngineObserver {
  /** Takes no notice. */
  EngineObserver NONE =
      new EngineObserver() {
        @Override
        public void opened(StoreEngine engine) {}

        @Override
        public void closing(StoreEngine engine) {}
      };

  /** A store was made. */
  void opened(StoreEngine engine);

  /** A store is about to be closed, and still open. */
  void closing(StoreEngine engine);
}
