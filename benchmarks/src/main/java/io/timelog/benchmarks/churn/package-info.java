/**
 * State that churns: values that are replaced, keys that are emptied and filled again, entries out
 * of order, windows that come and go. {@link io.timelog.benchmarks.churn.ChurnPattern} lists the
 * patterns of use, each a {@link io.timelog.benchmarks.churn.Pattern}; {@link
 * io.timelog.benchmarks.churn.ChurnRun} does them to one engine at growing sizes.
 *
 * <p>{@link io.timelog.benchmarks.churn.ChurnEngine} is what an engine can do here. The peers are
 * ordered maps of bytes, {@link io.timelog.benchmarks.churn.ByteMap}, with key, timestamp and
 * subkey composed into one key, as one writes it on RocksDB or a {@code TreeMap}.
 */
@NullMarked
package io.timelog.benchmarks.churn;

import org.jspecify.annotations.NullMarked;
