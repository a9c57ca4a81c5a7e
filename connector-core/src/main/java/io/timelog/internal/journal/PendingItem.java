package io.timelog.internal.journal;

import java.io.IOException;

/** An item that is to be written to the log with the next batch. */
interface PendingItem {
  /** The bytes of the item; 0 if there is nothing to write any more. */
  int bytes();

  /** Hands the bytes out, the same ones at each call until the item changes. */
  void writeTo(BatchOutput output) throws IOException;

  /** Tells a file that it has the item. */
  void noteIn(SerialSet serials);

  /** Gives the memory of the item back: it was written, or is not to be written any more. */
  void release();
}
