package io.timelog.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.TableShape;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is shown, a line each. */
final class SeenLog implements LogVisitor {
  final List<String> lines = new ArrayList<>();

  @Override
  public void createTable(int table, TableShape shape) {
    lines.add("create " + table + " " + shape.name());
  }

  @Override
  public void dropTable(int table) {
    lines.add("drop " + table);
  }

  @Override
  public void floor(int table, long cutoff) {
    lines.add("floor " + table + " " + cutoff);
  }

  @Override
  public void deleteRange(int table, long first, long last, long version) {
    lines.add("delete " + table + " " + first + ".." + last + " at " + version);
  }

  @Override
  public boolean section(LoggedWindow window) {
    lines.add(
        "section "
            + window.table()
            + " serial "
            + window.serial()
            + " base "
            + window.base()
            + " window "
            + window.first()
            + ".."
            + window.last());
    return true;
  }

  @Override
  public void frame(LogFrame frame) {
    Row row = Row.of(frame);
    lines.add(
        switch (row.kind()) {
          case APPEND -> row.key() + "@" + row.timestamp() + "=" + row.value();
          case PUT -> row.key() + "@" + row.timestamp() + "/" + row.subkey() + "=" + row.value();
          case REMOVE -> "-" + row.key() + "@" + row.timestamp() + "/" + row.subkey();
          case REMOVE_RANGE -> "-" + row.key() + "@" + row.timestamp() + ".." + row.last();
        });
  }

  @Override
  public void commit(long number, CommitToken token) {
    lines.add("commit " + number + " " + new String(token.bytes(), UTF_8));
  }
}
