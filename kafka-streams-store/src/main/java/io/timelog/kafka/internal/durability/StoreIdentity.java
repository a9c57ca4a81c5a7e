package io.timelog.kafka.internal.durability;

/**
 * Whose store it is. It is kept with the entries, so that a directory which stands in the place of
 * another one is noticed.
 *
 * @param application the id of the application
 * @param task the id of the task
 * @param store the name of the store
 */
public record StoreIdentity(String application, String task, String store) {
  @Override
  public String toString() {
    return "application=" + application + ", task=" + task + ", store=" + store;
  }
}
