package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The settings of a table alone, laid out as behind the id in {@link TableFormat}. */
public final class TableShapeFormat {
  private TableShapeFormat() {}

  /** The settings as bytes. */
  public static byte[] encode(TableShape shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(TableFormat.shapeLength(shape)).order(ByteOrder.LITTLE_ENDIAN);
    TableFormat.putShape(bytes, shape);
    return bytes.array();
  }

  /**
   * What settings say.
   *
   * @param bytes the settings, from position to limit of a little-endian buffer
   * @param name what messages call the file in which they are
   * @throws TimelogCorruptionException if the bytes are not those of settings, or not all of them
   */
  public static TableShape decode(ByteBuffer bytes, String name) {
    try {
      ManifestReader reader = new ManifestReader(bytes, name);
      TableShape shape = TableFormat.getShape(reader);
      reader.requireEnd();
      return shape;
    } catch (BufferUnderflowException tooShort) {
      throw new TimelogCorruptionException(
          "Settings of a table have fewer bytes than they describe", name, bytes.position());
    }
  }
}
