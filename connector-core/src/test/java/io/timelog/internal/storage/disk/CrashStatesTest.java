package io.timelog.internal.storage.disk;

import static io.timelog.internal.storage.disk.DiskContract.bytes;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** States are written as {@code name=bytes}, a zero as a dot. */
final class CrashStatesTest {
  private static final int SECTOR = 2;

  private final RecordingDisk disk = new RecordingDisk();

  @Test
  void processDeath_losesNothing_butTheRestOfAWriteUnderWay() throws IOException {
    try (AppendFile file = disk.create("a")) {
      file.write(bytes("12345"));
      file.write(bytes("6"));
    }

    assertThat(states(Cause.PROCESS_DEATH))
        .containsExactlyInAnyOrder("", "a=", "a=1", "a=12", "a=1234", "a=12345", "a=123456");
  }

  @Test
  void powerLoss_losesAnySectorThatIsNotForced() throws IOException {
    try (AppendFile file = disk.create("a")) {
      disk.syncDirectory();
      file.write(bytes("1234"));
    }

    assertThat(states(Cause.POWER_LOSS))
        .containsExactlyInAnyOrder("", "a=", "a=....", "a=12", "a=12..", "a=..34", "a=1234");
  }

  @Test
  void powerLoss_losesNothingThatWasForced() throws IOException {
    try (AppendFile file = disk.create("a")) {
      disk.syncDirectory();
      file.write(bytes("123"));
      file.force();
      disk.mark("forced");
      file.write(bytes("45"));
    }

    assertThat(states(Cause.POWER_LOSS, "forced"))
        .containsExactlyInAnyOrder("a=123", "a=123..", "a=1234", "a=1234.", "a=123.5", "a=12345");
  }

  @Test
  void powerLoss_undoesAnyChangeOfNamesSinceTheSync() throws IOException {
    disk.create("a").close();
    disk.create("b").close();
    disk.syncDirectory();
    disk.mark("synced");
    disk.delete("a");
    disk.create("c").close();
    disk.rename("b", "d");

    assertThat(states(Cause.POWER_LOSS)).contains("", "a=", "b=", "a= b=");
    assertThat(states(Cause.POWER_LOSS, "synced"))
        .containsExactlyInAnyOrder(
            "a= b=", "b=", "a= b= c=", "b= c=", "a= d=", "d=", "a= c= d=", "c= d=");
  }

  @Test
  void forcedFile_mayHaveNoName() throws IOException {
    try (AppendFile file = disk.create("a")) {
      file.write(bytes("1"));
      file.force();
      disk.mark("forced");
    }

    assertThat(states(Cause.POWER_LOSS, "forced")).containsExactlyInAnyOrder("", "a=1");
  }

  @Test
  void filesOfAnEarlierCrash_areDurable() throws IOException {
    RecordingDisk after = new RecordingDisk(Map.of("a", "1".getBytes(US_ASCII)));
    after.rename("a", "b");

    List<String> states = new ArrayList<>();
    new CrashStates(SECTOR, 64, 1).forEach(after, crash -> states.add(text(crash)));

    assertThat(states).containsOnly("a=1", "b=1");
  }

  @Test
  void state_isShownOnceForTheMarksBeforeIt() throws IOException {
    disk.create("a").close();
    disk.syncDirectory();
    disk.mark("called");
    disk.mark("acknowledged");

    List<List<Object>> marks = new ArrayList<>();
    CrashStates states = new CrashStates(SECTOR, 64, 1);
    states.forEach(
        disk,
        crash -> {
          if (crash.cause() == Cause.POWER_LOSS && text(crash).equals("a=")) {
            marks.add(crash.marks());
          }
        });

    assertThat(marks)
        .containsExactly(List.of(), List.of("called"), List.of("called", "acknowledged"));
    assertThat(states.distinct()).isLessThan(states.enumerated());
  }

  @Test
  void manyChoices_areTriedInPart() throws IOException {
    try (AppendFile file = disk.create("a")) {
      disk.syncDirectory();
      disk.mark("synced");
      file.write(bytes("x".repeat(100)));
      disk.mark("written");
    }
    Set<String> states = states(Cause.POWER_LOSS, "synced", "written");

    assertThat(states).contains("a=", "a=" + "x".repeat(100), "a=" + "x".repeat(40));
    assertThat(states).contains("a=" + "x".repeat(98));
    assertThat(states).contains("a=" + "x".repeat(20) + ".." + "x".repeat(78));
    assertThat(states).contains("a=" + ".".repeat(20) + "xx");
    assertThat(states).hasSizeBetween(150, 300);
  }

  /** How to use it: a file is replaced whole, and what was acknowledged must be there. */
  @Test
  void faultInAProtocol_isFound() throws IOException {
    assertThat(violations(Step.NONE)).isZero();
    assertThat(violations(Step.FORCE)).isPositive();
    assertThat(violations(Step.SYNC)).isPositive();
    assertThat(violations(Step.RENAME)).isPositive();
  }

  private enum Step {
    NONE,
    FORCE,
    SYNC,
    RENAME
  }

  private static int violations(Step leftOut) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    for (int value = 1; value <= 3; value++) {
      disk.mark("called");
      String name = leftOut == Step.RENAME ? "value" + value : "value.tmp";
      try (AppendFile file = disk.create(name)) {
        file.write(bytes("value " + value));
        if (leftOut != Step.FORCE) {
          file.force();
        }
      }
      if (leftOut != Step.RENAME) {
        disk.rename(name, "value");
      }
      if (leftOut != Step.SYNC) {
        disk.syncDirectory();
      }
      disk.mark("acknowledged");
    }
    int[] violations = {0};
    new CrashStates(SECTOR, 256, 1)
        .forEach(
            disk,
            crash -> {
              long called = crash.marks().stream().filter("called"::equals).count();
              long acknowledged = crash.marks().size() - called;
              byte[] value = crash.files().getOrDefault("value", "value 0".getBytes(US_ASCII));
              boolean legal = false;
              for (long v = acknowledged; v <= called; v++) {
                legal |= new String(value, US_ASCII).equals("value " + v);
              }
              violations[0] += legal ? 0 : 1;
            });
    return violations[0];
  }

  /** The states of crashes for this cause; if marks are named, of those after exactly these. */
  private Set<String> states(Cause cause, Object... marks) {
    Set<String> states = new TreeSet<>();
    new CrashStates(SECTOR, 256, 1)
        .forEach(
            disk,
            crash -> {
              if (crash.cause() == cause
                  && (marks.length == 0 || crash.marks().equals(List.of(marks)))) {
                states.add(text(crash));
              }
            });
    return states;
  }

  private static String text(Crash crash) {
    List<String> files = new ArrayList<>();
    new TreeMap<>(crash.disk().files())
        .forEach(
            (name, bytes) ->
                files.add(name + "=" + new String(bytes, US_ASCII).replace('\0', '.')));
    return String.join(" ", files);
  }
}
