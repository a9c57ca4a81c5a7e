package io.timelog.benchmarks;

import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Readme;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.UsageException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of the benchmarks. From the root of the working copy:
 *
 * <pre>{@code
 * mvn -q -pl benchmarks -am -DskipTests package
 * java -jar benchmarks/target/benchmarks.jar keyed-workload --events=1_000_000 --rounds=1
 * java -jar benchmarks/target/benchmarks.jar render
 * }</pre>
 *
 * <p>The first word is a question, or {@code render}, which writes the tables of {@code
 * benchmarks/README.md} and the picture in {@code docs/images} anew from the files in {@code
 * benchmarks/results}. Options are described in the class of each question; {@code --results} names
 * another folder for the result files.
 */
public final class Benchmarks {
  private static final List<PairableQuestion> PAIRABLE =
      List.of(
          KeyedWorkloadBenchmark.ofSmallValues(),
          KeyedWorkloadBenchmark.ofWideValues(),
          new MemoryBenchmark(),
          new SingleLogBenchmark(),
          new KafkaStoresBenchmark(),
          new KafkaOperatorsBenchmark(),
          new FlinkStateBenchmark(),
          FlinkJobsBenchmark.ofManyEvents(),
          new FlinkStreamsBenchmark());
  private static final List<Question> QUESTIONS =
      Stream.of(
              PAIRABLE.stream(),
              Stream.of(
                  new EvictBenchmark(),
                  new OutOfOrderBenchmark(),
                  new SummariesBenchmark(),
                  new ChurnBenchmark(),
                  new CommitsBenchmark(),
                  new ReopenBenchmark(),
                  new SpillBenchmark(),
                  new KafkaQueriesBenchmark(),
                  FlinkJobsBenchmark.besideRocksDb(),
                  new FlinkCheckpointsBenchmark(),
                  new FlinkTimersBenchmark()),
              PAIRABLE.stream().map(PairsBenchmark::new))
          .<Question>flatMap(questions -> questions)
          .toList();
  private static final String RENDER = "render";
  private static final int WRONG_USAGE = 2;

  private Benchmarks() {}

  /** Ends the process with {@value #WRONG_USAGE} if there is no such command. */
  public static void main(String[] args) {
    int status = run(args, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Does what a command says, and returns the exit status. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      obey(args, out);
      return 0;
    } catch (UsageException wrong) {
      err.println(wrong.getMessage());
      return WRONG_USAGE;
    }
  }

  private static void obey(String[] args, PrintStream out) {
    String word = args.length == 0 ? "" : args[0];
    Arguments arguments =
        new Arguments(Arrays.asList(args).subList(Math.min(1, args.length), args.length));
    Path results = Path.of(arguments.text("results", "benchmarks/results"));
    if (word.equals(RENDER)) {
      Path readme = Path.of(arguments.text("readme", "benchmarks/README.md"));
      Path images = Path.of(arguments.text("images", "docs/images"));
      arguments.refuseUnknown();
      render(results, readme, out);
      draw(results, images, out);
      return;
    }
    question(word).ask(arguments, results, out);
  }

  private static void render(Path results, Path readme, PrintStream out) {
    for (Question question : QUESTIONS) {
      if (ResultFile.exists(results, question.name())) {
        Readme.replace(readme, question.name(), question.render(results));
        out.println("Rendered " + question.name());
      }
    }
  }

  private static void draw(Path results, Path images, PrintStream out) {
    if (ClaimPicture.hasResults(results)) {
      ClaimPicture.of(results).writeTo(images);
      out.println("Drew " + images);
    }
  }

  private static Question question(String name) {
    return QUESTIONS.stream()
        .filter(question -> question.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "No such question: question="
                        + name
                        + ". Known are "
                        + QUESTIONS.stream().map(Question::name).collect(Collectors.joining(", "))
                        + " and "
                        + RENDER));
  }
}
