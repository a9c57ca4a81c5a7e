/**
 * What a soak of jobs needs beside what other tests have: a storage of checkpoints that is slow and
 * breaks, disks that fill up, and a look at what is left of jobs that are over.
 */
@NullMarked
package io.timelog.integration.flink.soak;

import org.jspecify.annotations.NullMarked;
