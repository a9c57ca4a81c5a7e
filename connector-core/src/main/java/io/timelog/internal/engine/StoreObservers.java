package io.timelog.internal.engine;

import java.util.List;
import java.util.ServiceLoader;

/** Those who are told of stores as they come and go. Thread-safe if the observers are. */
public final class StoreObservers {
  private static final StoreObservers INSTALLED =
      new StoreObservers(
          ServiceLoader.load(StoreObserver.class, StoreObserver.class.getClassLoader()).stream()
              .map(ServiceLoader.Provider::get)
              .toList());

  private final List<StoreObserver> observers;

  StoreObservers(List<StoreObserver> observers) {
    this.observers = List.copyOf(observers);
  }

  /** The observers that the class path names: none by default. */
  public static StoreObservers installed() {
    return INSTALLED;
  }

  void opened(StoreEngine engine) {
    observers.forEach(observer -> observer.opened(engine));
  }

  void closing(StoreEngine engine) {
    observers.forEach(observer -> observer.closing(engine));
  }
}
