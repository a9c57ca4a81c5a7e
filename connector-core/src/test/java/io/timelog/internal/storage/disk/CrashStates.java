package io.timelog.internal.storage.disk;

import io.timelog.internal.storage.disk.RecordingDisk.Create;
import io.timelog.internal.storage.disk.RecordingDisk.Delete;
import io.timelog.internal.storage.disk.RecordingDisk.Force;
import io.timelog.internal.storage.disk.RecordingDisk.Mark;
import io.timelog.internal.storage.disk.RecordingDisk.Operation;
import io.timelog.internal.storage.disk.RecordingDisk.Rename;
import io.timelog.internal.storage.disk.RecordingDisk.SyncDirectory;
import io.timelog.internal.storage.disk.RecordingDisk.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The states in which a crash may leave the files of a {@link RecordingDisk}, at every moment of
 * what was done to it.
 *
 * <ul>
 *   <li>When the process dies, everything before is there, and a part of a write under way.
 *   <li>When the power fails, a file has what it had when it was forced last, and any of the
 *       sectors that were written since; those that are missing read as zeros, and the file ends
 *       with the last one that is there, or where it ended. Of what was done to names since the
 *       directory was synced, anything may be undone, each for itself.
 * </ul>
 *
 * <p>If these choices are few, all combinations are tried. If they are many, those are that are
 * most alike to what file systems do, where one choice is unlike all others, and some by chance. A
 * state is shown once for each mark before it, because the marks decide what it may be.
 */
public final class CrashStates {

  /** Why there was a crash. */
  public enum Cause {
    /** The process was killed, and the machine went on. */
    PROCESS_DEATH,
    /** The machine lost what it had not written. */
    POWER_LOSS
  }

  /**
   * A state after a crash.
   *
   * @param operations how many operations were done before the crash
   * @param marks the marks among them, in order
   * @param files the bytes of all files, by name
   */
  public record Crash(Cause cause, int operations, List<Object> marks, Map<String, byte[]> files) {
    /** A disk with these files. */
    public RecordingDisk disk() {
      return new RecordingDisk(files);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(cause + " after " + operations + " operations");
      files.forEach(
          (name, bytes) -> text.append(", ").append(name).append(':').append(bytes.length));
      return text.toString();
    }
  }

  private final int sectorBytes;
  private final int maxStates;
  private final SplittableRandom random;
  private final Set<Long> seen = new HashSet<>();
  private long enumerated;

  /**
   * Enumerates states.
   *
   * @param sectorBytes bytes of a file that are written as a whole or not at all
   * @param maxStates about how many states are tried for one moment
   * @param seed chooses among more
   */
  public CrashStates(int sectorBytes, int maxStates, long seed) {
    this.sectorBytes = sectorBytes;
    this.maxStates = maxStates;
    this.random = new SplittableRandom(seed);
  }

  /** States so far, those that were equal included. */
  public long enumerated() {
    return enumerated;
  }

  /** States so far that were shown. */
  public long distinct() {
    return seen.size();
  }

  /** Shows the states in which a crash may have left a disk since it was made. */
  public void forEach(RecordingDisk disk, Consumer<Crash> visitor) {
    forEach(disk, 0, visitor);
  }

  /** The crashes in which the process dies between two operations, one for each of the moments. */
  public List<Crash> deaths(RecordingDisk disk) {
    List<Crash> deaths = new ArrayList<>();
    forEach(
        disk,
        crash -> {
          boolean isNext =
              deaths.isEmpty() || deaths.get(deaths.size() - 1).operations() < crash.operations();
          if (crash.cause() == Cause.PROCESS_DEATH && isNext) {
            deaths.add(crash);
          }
        });
    return deaths;
  }

  /** As {@link #forEach(RecordingDisk, Consumer)}, of crashes after the first operations. */
  public void forEach(RecordingDisk disk, int firstOperations, Consumer<Crash> visitor) {
    Model model = new Model(disk.before());
    List<Operation> operations = disk.operations();
    List<Object> marks = new ArrayList<>();
    for (int done = 0; done <= operations.size(); done++) {
      @Nullable Operation underWay = done < operations.size() ? operations.get(done) : null;
      if (done >= firstOperations) {
        show(new Moment(done, List.copyOf(marks), visitor), model, underWay);
      }
      if (done < operations.size()) {
        Operation next = operations.get(done);
        if (next instanceof Mark mark) {
          marks.add(mark.what());
        }
        model.apply(next);
      }
    }
  }

  private void show(Moment moment, Model model, @Nullable Operation underWay) {
    moment.show(Cause.PROCESS_DEATH, model.present());
    if (underWay instanceof Write write) {
      for (int length : prefixes(write.bytes().limit())) {
        moment.show(Cause.PROCESS_DEATH, model.presentWith(write, length));
      }
    }
    for (BitSet choice : choices(model.directoryChoices(), model.choices())) {
      moment.show(Cause.POWER_LOSS, model.durable(choice));
    }
  }

  private Set<Integer> prefixes(int length) {
    Set<Integer> prefixes = new HashSet<>();
    for (int prefix = sectorBytes; prefix < length; prefix += sectorBytes) {
      prefixes.add(prefix);
    }
    prefixes.addAll(List.of(1, length / 2, length - 1));
    prefixes.removeIf(prefix -> prefix <= 0 || prefix >= length);
    return prefixes;
  }

  /** Ways to make {@code count} choices, of which the first {@code names} are about names. */
  private List<BitSet> choices(int names, int count) {
    List<BitSet> choices = new ArrayList<>();
    if (count < 31 && 1 << count <= maxStates) {
      for (int bits = 0; bits < 1 << count; bits++) {
        choices.add(BitSet.valueOf(new long[] {bits}));
      }
      return choices;
    }
    for (int i = 0; i <= count; i++) {
      choices.add(range(0, i));
    }
    for (int i = 0; i <= names; i++) {
      BitSet allBytes = range(0, i);
      allBytes.set(names, count);
      choices.add(allBytes);
    }
    for (int i = 0; i < count; i++) {
      choices.add(range(i, i + 1));
      BitSet allButOne = range(0, count);
      allButOne.clear(i);
      choices.add(allButOne);
    }
    while (choices.size() < maxStates) {
      BitSet any = new BitSet(count);
      for (int i = 0; i < count; i++) {
        any.set(i, random.nextBoolean());
      }
      choices.add(any);
    }
    return choices;
  }

  private static BitSet range(int from, int to) {
    BitSet bits = new BitSet();
    bits.set(from, to);
    return bits;
  }

  /** One moment at which there may be a crash. */
  private final class Moment {
    private final int done;
    private final List<Object> marks;
    private final Consumer<Crash> visitor;

    Moment(int done, List<Object> marks, Consumer<Crash> visitor) {
      this.done = done;
      this.marks = marks;
      this.visitor = visitor;
    }

    void show(Cause cause, Map<String, byte[]> files) {
      enumerated++;
      // Who dies keeps more than who loses power, so the cause decides what a state may be, too.
      long power = cause == Cause.POWER_LOSS ? 1 : 0;
      if (seen.add(hash(files) * 31 + marks.size() * 2L + power)) {
        visitor.accept(new Crash(cause, done, marks, files));
      }
    }
  }

  private static long hash(Map<String, byte[]> files) {
    long hash = files.size();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      CRC32 one = new CRC32();
      CRC32C another = new CRC32C();
      one.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      one.update(file.getValue());
      another.update(file.getValue());
      another.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      hash = hash * 0x9E3779B97F4A7C15L + (one.getValue() << Integer.SIZE | another.getValue());
    }
    return hash;
  }

  /** The bytes of a file: those that were forced, and those that were only written. */
  private final class Bytes {
    private byte[] written;
    private int forced;

    Bytes(byte[] written) {
      this.written = written;
      this.forced = written.length;
    }

    void append(ByteBuffer more, int length) {
      int end = written.length;
      written = Arrays.copyOf(written, end + length);
      more.get(0, written, end, length);
    }

    int firstSector() {
      return forced / sectorBytes;
    }

    int sectors() {
      int all = (written.length + sectorBytes - 1) / sectorBytes;
      return forced == written.length ? 0 : all - firstSector();
    }

    /** A choice for each sector that is not forced, and one for the length. */
    int choices() {
      return sectors() == 0 ? 0 : sectors() + 1;
    }

    byte[] durable(BitSet choice, int from) {
      byte[] bytes = Arrays.copyOf(Arrays.copyOf(written, forced), written.length);
      int end = forced;
      for (int i = 0; i < sectors(); i++) {
        if (choice.get(from + i)) {
          int start = (firstSector() + i) * sectorBytes;
          end = Math.min(start + sectorBytes, written.length);
          System.arraycopy(written, start, bytes, start, end - start);
        }
      }
      boolean keepsItsLength = choice.get(from + sectors());
      return keepsItsLength ? bytes : Arrays.copyOf(bytes, end);
    }
  }

  /** The files at one moment, in the memory of the machine and on its medium. */
  private final class Model {
    private final List<Bytes> files = new ArrayList<>();
    private final TreeMap<String, Integer> names = new TreeMap<>();
    private final TreeMap<String, Integer> durableNames = new TreeMap<>();
    private final List<Operation> unsynced = new ArrayList<>();

    Model(Map<String, byte[]> before) {
      before.forEach(
          (name, bytes) -> {
            names.put(name, files.size());
            files.add(new Bytes(bytes));
          });
      durableNames.putAll(names);
    }

    void apply(Operation operation) {
      if (operation instanceof Write write) {
        files.get(write.file()).append(write.bytes(), write.bytes().limit());
      } else if (operation instanceof Force force) {
        Bytes file = files.get(force.file());
        file.forced = file.written.length;
      } else if (operation instanceof SyncDirectory) {
        unsynced.clear();
        durableNames.clear();
        durableNames.putAll(names);
      } else if (!(operation instanceof Mark)) {
        if (operation instanceof Create) {
          files.add(new Bytes(new byte[0]));
        }
        applyToNames(operation, names);
        unsynced.add(operation);
      }
    }

    private static void applyToNames(Operation operation, Map<String, Integer> names) {
      if (operation instanceof Create create) {
        names.put(create.name(), create.file());
      } else if (operation instanceof Rename rename) {
        names.remove(rename.from(), rename.file());
        names.put(rename.to(), rename.file());
      } else if (operation instanceof Delete delete) {
        names.remove(delete.name());
      }
    }

    Map<String, byte[]> present() {
      TreeMap<String, byte[]> present = new TreeMap<>();
      names.forEach((name, file) -> present.put(name, files.get(file).written));
      return present;
    }

    Map<String, byte[]> presentWith(Write write, int length) {
      Bytes file = files.get(write.file());
      byte[] before = file.written;
      file.append(write.bytes(), length);
      Map<String, byte[]> present = present();
      file.written = before;
      return present;
    }

    int directoryChoices() {
      return unsynced.size();
    }

    int choices() {
      return directoryChoices() + files.stream().mapToInt(Bytes::choices).sum();
    }

    Map<String, byte[]> durable(BitSet choice) {
      TreeMap<String, Integer> chosen = new TreeMap<>(durableNames);
      for (int i = 0; i < unsynced.size(); i++) {
        if (choice.get(i)) {
          applyToNames(unsynced.get(i), chosen);
        }
      }
      int[] from = new int[files.size()];
      int next = unsynced.size();
      for (int file = 0; file < from.length; file++) {
        from[file] = next;
        next += files.get(file).choices();
      }
      TreeMap<String, byte[]> durable = new TreeMap<>();
      chosen.forEach(
          (name, file) -> durable.put(name, files.get(file).durable(choice, from[file])));
      return durable;
    }
  }
}
