package io.timelog;

import java.nio.ByteBuffer;

/**
 * Where the stores of a {@link MemoryBudget} get their memory from, and where they give it back to.
 * The default, {@link #direct()}, takes direct memory of the JVM; a host that manages memory itself
 * gives a source of its own.
 *
 * <p>A source must be thread-safe: stores call it from the threads that write, maintain and read
 * them, several at a time. It must not call a store or its budget. What it gave is counted in the
 * budget, byte for byte, from before {@code allocate} is called until after {@code free} has
 * returned.
 *
 * <p>After {@link #free} the engine reads and writes the buffer no more, so that a source may unmap
 * the memory. The same goes for buffers that the engine handed out to callers, such as {@link
 * PageSpan.Values} and views of keys: they must not be used once the cursor, snapshot or span that
 * they belong to is closed.
 */
public interface MemorySource {
  /**
   * Gives a buffer to a store. Called when no free buffer of the budget fits, and without a lock of
   * the budget; a write may wait for it.
   *
   * @param bytes the exact capacity, at least 1
   * @return a direct, writable buffer of this capacity, position 0 and limit at the capacity, whose
   *     memory begins at a multiple of 8. Its content may be arbitrary; its byte order is set by
   *     the engine. The memory is the caller's alone until it is freed
   * @throws OutOfMemoryError or any {@link RuntimeException} if there is no memory; then the stores
   *     of the budget give up their free buffers and ask once more, and at last refuse the
   *     operation with a {@link MemoryBudgetExceededException} that has what was thrown as its
   *     cause
   */
  ByteBuffer allocate(int bytes);

  /**
   * Takes a buffer back that no store and no reader uses any more: when free buffers are more than
   * are worth keeping, when others need the memory, and when the last store of the budget is closed
   * or its last reader after that. Called once for each buffer, on any thread, without a lock of
   * the budget. What is thrown here is logged and changes nothing.
   *
   * @param buffer the very object that {@link #allocate} returned; position, limit and order may be
   *     others
   */
  void free(ByteBuffer buffer);

  /**
   * Direct memory of the JVM, bounded by {@code -XX:MaxDirectMemorySize}. It goes back to the
   * system when the garbage collector finds that nobody can reach a freed buffer any more.
   */
  static MemorySource direct() {
    return DirectMemorySource.INSTANCE;
  }
}
