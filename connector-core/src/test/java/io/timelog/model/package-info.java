/**
 * Random operations against a plain sorted set: the test of what a store promises to its users.
 *
 * <p>Read {@link io.timelog.model.ModelTable} first, it says in a page what a table means. {@link
 * io.timelog.model.OperationGenerator} makes an endless, reproducible stream of {@linkplain
 * io.timelog.model.Operation operations} for a {@link io.timelog.model.Workload}; {@link
 * io.timelog.model.LockstepRun} applies each of them to the model and to several {@linkplain
 * io.timelog.model.StoreUnderTest stores}, which differ in every {@linkplain
 * io.timelog.model.StoreConfig setting} that must not be visible, and compares every read.
 *
 * <p>Only the public API of the store is used here.
 */
@NullMarked
package io.timelog.model;

import org.jspecify.annotations.NullMarked;
