package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogFiles;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Numbers and names of the files of a log. A file is held from when it got its number to when a
 * manifest begins with a later one: until then no manifest need have named it. Thread-safe.
 */
final class LogFileNumbers implements LogFiles {
  private final FileNumbers numbers;
  private final FileLedger ledger;
  private final NavigableSet<Long> held = new TreeSet<>();

  /** Of files that a ledger is told of. */
  LogFileNumbers(FileNumbers numbers, FileLedger ledger) {
    this.numbers = numbers;
    this.ledger = ledger;
  }

  @Override
  public long nextNumber() {
    long number = numbers.takePositive();
    hold(number);
    return number;
  }

  @Override
  public String name(long number) {
    return StoreFile.nameOfLog(number);
  }

  /** Holds a file that was found. */
  synchronized void hold(long number) {
    ledger.add(new StoreFile(Kind.LOG, number));
    ledger.hold(number);
    held.add(number);
  }

  /** The log that a crash leaves begins with this file, or a later one. */
  synchronized void releaseBefore(long number) {
    NavigableSet<Long> gone = held.headSet(number, false);
    gone.forEach(ledger::release);
    gone.clear();
  }
}
