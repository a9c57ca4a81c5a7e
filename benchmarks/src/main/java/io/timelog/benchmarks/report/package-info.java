/**
 * From measurements to what is read: {@link io.timelog.benchmarks.report.ResultFile} keeps every
 * single round as JSON with a {@link io.timelog.benchmarks.report.Stamp} of machine, JDK and
 * commit; {@link io.timelog.benchmarks.report.Table} and {@link
 * io.timelog.benchmarks.report.Readme} turn the medians into Markdown. Nothing here measures.
 */
@NullMarked
package io.timelog.benchmarks.report;

import org.jspecify.annotations.NullMarked;
