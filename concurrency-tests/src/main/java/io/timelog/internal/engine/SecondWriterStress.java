package io.timelog.internal.engine;

import io.timelog.ConcurrentWriterException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Of two threads that write at once, one is told so, and what the other wrote is not lost. */
@JCStressTest
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "One after the other.")
@Outcome(
    id = {"1, 0, 1", "0, 1, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "The second writer was refused.")
@State
public class SecondWriterStress {
  private final WriterGate gate = new WriterGate("stress");
  private int written;

  @Actor
  public void first(III_Result result) {
    result.r1 = write();
  }

  @Actor
  public void second(III_Result result) {
    result.r2 = write();
  }

  @Arbiter
  public void end(III_Result result) {
    result.r3 = written;
  }

  private int write() {
    try {
      gate.enter();
    } catch (ConcurrentWriterException refused) {
      return 0;
    }
    written++;
    gate.exit();
    return 1;
  }
}
