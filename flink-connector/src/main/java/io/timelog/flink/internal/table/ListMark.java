package io.timelog.flink.internal.table;

/**
 * The first byte of a row in a map from longs to lists: what the row says. Lists without elements
 * need rows, too, and no element is so short that it could not be mistaken for one of them.
 */
public final class ListMark {
  /** An element of the list follows. */
  public static final byte ELEMENT = 0;

  /** The list is there and has no elements. */
  public static final byte EMPTY = 1;

  /** The value is null. */
  public static final byte NULL = 2;

  /** How many bytes the mark has. */
  public static final int BYTES = 1;

  private ListMark() {}
}
