package io.timelog.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of a batch go, front to back. */
interface BatchOutput {
  /** Takes bytes from 0 on. Position and limit of the buffer are those of a cleared one then. */
  void write(ByteBuffer bytes, int length) throws IOException;
}
