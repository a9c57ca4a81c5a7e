/**
 * What Timelog costs, and what its peers cost for the same work. One class per question, named
 * {@code *Benchmark}, whose Javadoc holds the question and the command that answers it.
 *
 * <p>{@link io.timelog.benchmarks.Benchmarks} is the door: its first argument names the question.
 * Every answer is a JSON file under {@code benchmarks/results}, and the tables of {@code
 * benchmarks/README.md} and the picture of the front page are rendered from those files, never
 * typed or drawn by hand.
 *
 * <p>Rules of the house: every engine gets the same input, from a seeded generator, and must return
 * the same checksum; every engine runs in a JVM of its own with the same flags; costs are thread
 * CPU time where the thread does the work and process CPU time where others do it for it; a figure
 * is a median over rounds, and a claim is a ratio within one run.
 */
@NullMarked
package io.timelog.benchmarks;

import org.jspecify.annotations.NullMarked;
