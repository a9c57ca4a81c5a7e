package io.timelog.flink.conformance;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.runtime.asyncprocessing.AsyncExecutionController;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous backend that is told of the current key before each access to a value. In a job
 * the controller tells it when the key changes; in Flink's suite the controllers tell nobody.
 */
final class ToldOfKeys<K> implements InvocationHandler {
  private final AsyncKeyedStateBackend<K> backend;
  private @Nullable AsyncExecutionController<K, ?> controller;

  private ToldOfKeys(AsyncKeyedStateBackend<K> backend) {
    this.backend = backend;
  }

  @SuppressWarnings("unchecked")
  static <K> AsyncKeyedStateBackend<K> backend(AsyncKeyedStateBackend<K> backend) {
    return (AsyncKeyedStateBackend<K>)
        proxy(AsyncKeyedStateBackend.class, new ToldOfKeys<>(backend));
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  @Override
  @SuppressWarnings("unchecked")
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("setup") && arguments != null) {
      controller = (AsyncExecutionController<K, ?>) arguments[0];
    }
    Object result = call(backend, method, arguments);
    return result instanceof ValueState<?> value ? value(value) : result;
  }

  private Object value(ValueState<?> value) {
    InvocationHandler told =
        (proxy, method, arguments) -> {
          AsyncExecutionController<K, ?> current = controller;
          if (current != null) {
            backend.switchContext(current.getCurrentContext());
          }
          return call(value, method, arguments);
        };
    return proxy(ValueState.class, told);
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
