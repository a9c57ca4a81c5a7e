package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.delays.AirportWindow;
import io.timelog.examples.flights.delays.Delays;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Says of which airport and window a sum is. It is called once, when the window is complete. */
final class WithAirportAndWindow
    extends ProcessWindowFunction<Delays, AirportDelays, String, TimeWindow> {
  private static final long serialVersionUID = 1L;

  @Override
  public void process(
      String airport, Context context, Iterable<Delays> sums, Collector<AirportDelays> out) {
    AirportWindow window = new AirportWindow(airport, context.window().getStart());
    sums.forEach(sum -> out.collect(new AirportDelays(window, sum)));
  }
}
