package io.timelog.internal.engine;

import java.util.List;
import java.util.ServiceLoader;

/** All observers that the class path names. */
final class StoreObservers {
  private static final List<StoreObserver> FOUND =
      ServiceLoader.load(StoreObserver.class, StoreObserver.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private StoreObservers() {}

  static void opened(StoreEngine engine) {
    FOUND.forEach(observer -> observer.opened(engine));
  }

  static void closing(StoreEngine engine) {
    FOUND.forEach(observer -> observer.closing(engine));
  }
}
