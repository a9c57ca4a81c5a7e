package io.timelog.testing;

import io.timelog.internal.engine.EngineCheck;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Validates every store that a test opens: its invariants when it is closed, and afterwards that no
 * store, snapshot or cursor is left open and no byte is held. Registered for all tests; a store
 * that is opened before all tests of a class is not watched.
 */
public final class EngineCheckExtension implements BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(EngineCheckExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(EngineCheck.class, EngineCheck.begin());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    EngineCheck check = context.getStore(NAMESPACE).remove(EngineCheck.class, EngineCheck.class);
    if (context.getExecutionException().isEmpty()) {
      check.end();
    }
  }
}
