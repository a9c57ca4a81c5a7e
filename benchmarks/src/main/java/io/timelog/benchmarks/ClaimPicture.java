package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.picture.Dot;
import io.timelog.benchmarks.picture.DotPlot;
import io.timelog.benchmarks.picture.Group;
import io.timelog.benchmarks.picture.Palette;
import io.timelog.benchmarks.picture.Panel;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.workload.Workload;
import io.timelog.benchmarks.workload.WorkloadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The picture of the README: what append, scan and eviction cost beside RocksDB and the collections
 * of the JDK, drawn from the results of {@code keyed-workload} with its fewest keys.
 */
final class ClaimPicture {
  private static final String QUESTION = KeyedWorkloadBenchmark.ofSmallValues().name();

  /** From top to bottom. The ideal bound is no choice that anybody has, and left out. */
  private static final List<EngineKind> ENGINES =
      List.of(
          EngineKind.TIMELOG,
          EngineKind.ROCKSDB_SEGMENTS,
          EngineKind.ROCKSDB_MAP_STATE,
          EngineKind.ROCKSDB_LIST_STATE,
          EngineKind.TREE_MAP,
          EngineKind.SKIP_LIST);

  private final ResultFile<WorkloadResult> results;
  private final Workload workload;

  private ClaimPicture(ResultFile<WorkloadResult> results) {
    this.results = results;
    this.workload =
        results.rounds().stream()
            .map(WorkloadResult::workload)
            .min((a, b) -> Integer.compare(a.keys(), b.keys()))
            .orElseThrow();
  }

  /** Whether {@code results} has what the picture shows. */
  static boolean hasResults(Path results) {
    return ResultFile.exists(results, QUESTION);
  }

  /** The picture of the results in that folder. */
  static ClaimPicture of(Path results) {
    return new ClaimPicture(ResultFile.read(results, QUESTION, WorkloadResult.class));
  }

  /** Writes a file for each palette into {@code images}. */
  void writeTo(Path images) {
    try {
      Files.createDirectories(images);
      for (Palette palette : Palette.values()) {
        Files.writeString(fileOf(images, palette), svg(palette));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Pictures cannot be written: images=" + images, e);
    }
  }

  /** The file of the picture in those colours. */
  static Path fileOf(Path images, Palette palette) {
    return images.resolve("claim-" + palette.id() + ".svg");
  }

  String svg(Palette palette) {
    String aside =
        "CPU time, logarithmic: from one line to the next it is ten times as much. %s live entries, %s keys, values of %d bytes."
            .formatted(
                Figures.count(workload.retention()),
                Figures.count(workload.keys()),
                workload.valueBytes());
    String source =
        "From keyed-workload in benchmarks: %s events, %s. %s, %s, %s."
            .formatted(
                Figures.count(workload.events()),
                rounds() == 1 ? "one round" : "medians of " + rounds() + " rounds",
                results.stamp().processor(),
                results.stamp().jdk(),
                results.stamp().date());
    long scanned = workload.scanRange() / workload.keys();
    return new DotPlot(
            "What an operation costs",
            aside,
            source,
            List.of(
                panel("append", "one entry", WorkloadResult::appendCpuNanos),
                panel("scan", entries(scanned) + " of a key", WorkloadResult::scanCpuNanos),
                panel("evict", entries(workload.evictEvery()), WorkloadResult::evictCpuNanos)))
        .svg(palette);
  }

  private static String entries(long count) {
    return String.format(Locale.ROOT, "%,d entries", count);
  }

  private Panel panel(String title, String aside, ToDoubleFunction<WorkloadResult> figure) {
    List<Dot> dots = new ArrayList<>();
    for (EngineKind engine : ENGINES) {
      dots.add(
          new Dot(
              engine.title().replace("`", ""),
              groupOf(engine),
              Figures.median(roundsOf(engine), figure)));
    }
    return new Panel(title, aside, dots);
  }

  private List<WorkloadResult> roundsOf(EngineKind engine) {
    return results.rounds().stream()
        .filter(round -> round.workload().equals(workload) && round.engine().equals(engine.id()))
        .toList();
  }

  private int rounds() {
    return roundsOf(EngineKind.TIMELOG).size();
  }

  private static Group groupOf(EngineKind engine) {
    if (engine == EngineKind.TIMELOG) {
      return Group.TIMELOG;
    }
    return engine.isRocksDb() ? Group.ROCKSDB : Group.HEAP;
  }
}
