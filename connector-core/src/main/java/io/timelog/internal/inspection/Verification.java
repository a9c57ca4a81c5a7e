package io.timelog.internal.inspection;

import io.timelog.TimelogCorruptionException;
import io.timelog.VerificationReport;
import io.timelog.VerificationReport.Commits;
import io.timelog.VerificationReport.Everything;
import io.timelog.VerificationReport.Loss;
import io.timelog.VerificationReport.TornTail;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.directory.DirectoryListing;
import io.timelog.internal.directory.ManifestFiles;
import io.timelog.internal.directory.StoreFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogAudit;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/** Reads every byte that counts in a directory, and reports. Used once. */
public final class Verification {
  private final Disk disk;
  private final PageCodecs codecs;
  private final Faults faults = new Faults();
  private final List<TornTail> tornTails = new ArrayList<>();
  private long commit;
  private long rows;
  private long bytes;

  private Verification(Disk disk, PageCodecs codecs) {
    this.disk = disk;
    this.codecs = codecs;
  }

  /**
   * Verifies the store in the directory of a disk. Costs reading it once. Memory is held for the
   * manifest, and for one segment's sections, indexes and one page, or one batch of the log.
   *
   * @param codecs those by which pages were compressed, if any were
   * @throws io.timelog.TimelogException if it has a format that this build does not read, or pages
   *     that are compressed by a codec that was not given
   * @throws IOException if the directory cannot be listed
   */
  public static VerificationReport of(Disk disk, PageCodecs codecs) throws IOException {
    return new Verification(disk, codecs).run();
  }

  private VerificationReport run() throws IOException {
    DirectoryListing listing = DirectoryListing.of(disk);
    Optional<StoreManifest> found = manifest(listing);
    if (found.isEmpty()) {
      return report(0, 0, unfinished(listing), listing.unknown());
    }
    StoreManifest manifest = found.get();
    commit = manifest.commit();
    bytes += length(new StoreFile(Kind.MANIFEST, manifest.number()).name());
    SegmentsVerification segments = new SegmentsVerification(disk, manifest, codecs, faults);
    segments.run(listing.numbers(Kind.SEGMENTS));
    rows += segments.rows();
    bytes += segments.bytes();
    Set<Long> logs = verifyLog(manifest, listing.numbers(Kind.LOG));
    Set<Long> named = new HashSet<>(logs);
    manifest.places().forEach(place -> named.add(place.file()));
    return report(
        manifest.contents().tables().size(),
        manifest.places().size(),
        unnamed(listing, manifest, named),
        listing.unknown());
  }

  private VerificationReport report(
      int tables, int segments, List<String> unnamed, List<String> unknown) {
    return new VerificationReport(
        commit,
        tables,
        segments,
        rows,
        bytes,
        faults.first(),
        faults.omitted(),
        tornTails,
        unnamed,
        unknown);
  }

  /** The store; empty if there is none, or if what it is cannot be told, which is a fault. */
  private Optional<StoreManifest> manifest(DirectoryListing listing) {
    try {
      Optional<StoreManifest> newest = new ManifestFiles(disk).readNewest();
      if (newest.isEmpty()) {
        listing
            .anyContents()
            .ifPresent(
                file ->
                    faults.add(
                        file.name(),
                        0,
                        "There are files of a store, but no manifest that says what they are",
                        new Everything()));
      }
      return newest;
    } catch (TimelogCorruptionException damage) {
      faults.add(damage, new Everything());
    } catch (IOException e) {
      String newest = new StoreFile(Kind.MANIFEST, listing.numbers(Kind.MANIFEST).last()).name();
      faults.add(newest, 0, unreadable(e), new Everything());
    }
    return Optional.empty();
  }

  static String unreadable(Exception failure) {
    return "File cannot be read: reason=" + failure.getMessage();
  }

  private long length(String name) {
    try {
      return disk.length(name);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Verifies the log; the numbers of its files that belong to the store. */
  private Set<Long> verifyLog(StoreManifest manifest, SortedSet<Long> present) {
    Set<Long> named = new HashSet<>();
    boolean complete = true;
    for (LogEntry log : manifest.logs()) {
      named.add(log.file());
      if (!present.contains(log.file())) {
        complete = false;
        faults.add(
            StoreFile.nameOfLog(log.file()),
            0,
            "Manifest names a file that is not there",
            commitsBehind(0, 0));
      }
    }
    if (complete && !named.isEmpty()) {
      // Those in front of the first one are left over; those behind the open one may belong to it.
      SortedSet<Long> log = present.tailSet(manifest.logs().get(0).file());
      named.addAll(readLog(manifest, log));
    }
    return named;
  }

  private Set<Long> readLog(StoreManifest manifest, SortedSet<Long> present) {
    try {
      LogAudit.Contents log =
          LogAudit.read(
              disk,
              StoreFile::nameOfLog,
              manifest.contents().store(),
              LogManifest.of(manifest),
              present);
      commit = Math.max(commit, log.lastCommit());
      rows += log.rows();
      bytes += log.bytes();
      if (log.cutBytes() > 0) {
        tornTails.add(tornTail(manifest, log));
      }
      return log.files();
    } catch (TimelogCorruptionException damage) {
      faults.add(damage, lost(damage, present));
    } catch (IOException e) {
      String first = StoreFile.nameOfLog(present.first());
      faults.add(first, 0, unreadable(e), commitsBehind(0, 0));
    }
    // Which of them belong to it is not known.
    return present;
  }

  private static TornTail tornTail(StoreManifest manifest, LogAudit.Contents log) {
    List<LogEntry> named = manifest.logs();
    long file = log.files().isEmpty() ? named.get(named.size() - 1).file() : log.tail();
    return new TornTail(StoreFile.nameOfLog(file), log.tailEnd(), log.cutBytes());
  }

  private Loss lost(TimelogCorruptionException damage, SortedSet<Long> present) {
    try {
      LogAudit.Lost lost = LogAudit.lost(disk, StoreFile::nameOfLog, present, damage);
      return commitsBehind(lost.after(), lost.known());
    } catch (IOException e) {
      return commitsBehind(0, 0);
    }
  }

  /** Commits behind one, of which this one is known at least; the manifest may know a later one. */
  private Commits commitsBehind(long after, long known) {
    long last = Math.max(known, commit);
    return new Commits(after, last > after ? OptionalLong.of(last) : OptionalLong.empty());
  }

  /** Manifests that never came to count. Of other files it is not known whom they belong to. */
  private static List<String> unfinished(DirectoryListing listing) {
    return listing.files().stream()
        .filter(file -> file.kind() == Kind.NEW_MANIFEST)
        .map(StoreFile::name)
        .toList();
  }

  private static List<String> unnamed(
      DirectoryListing listing, StoreManifest manifest, Set<Long> named) {
    List<String> unnamed = new ArrayList<>();
    for (StoreFile file : listing.files()) {
      boolean isNamed =
          switch (file.kind()) {
            case MANIFEST -> file.number() == manifest.number();
            case NEW_MANIFEST -> false;
            case SEGMENTS, LOG -> named.contains(file.number());
          };
      if (!isNamed) {
        unnamed.add(file.name());
      }
    }
    return unnamed;
  }
}
