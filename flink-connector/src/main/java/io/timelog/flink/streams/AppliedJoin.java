package io.timelog.flink.streams;

import org.apache.flink.api.common.functions.JoinFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.util.FunctionUtils;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** Makes one result of each pair. */
final class AppliedJoin<L, R, O> extends ProcessJoinFunction<L, R, O> {
  private static final long serialVersionUID = 1L;

  private final JoinFunction<L, R, O> function;

  AppliedJoin(JoinFunction<L, R, O> function) {
    this.function = function;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    FunctionUtils.setFunctionRuntimeContext(function, getRuntimeContext());
    FunctionUtils.openFunction(function, context);
  }

  @Override
  public void processElement(L left, R right, Context context, Collector<O> out) throws Exception {
    out.collect(function.join(left, right));
  }

  @Override
  public void close() throws Exception {
    FunctionUtils.closeFunction(function);
  }
}
